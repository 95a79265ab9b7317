"""No request forged by another site: a token in every form, and Fetch-Metadata."""

from __future__ import annotations

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FOREIGN = frozenset({"cross-site", "same-site"})

protection = CSRFProtect()


def init_app(app: Flask) -> None:
    """Check both on every unsafe request; signed webhooks are exempted by name."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # pages send no Referer, by their own policy
    )
    app.before_request(_refuse_foreign)
    protection.init_app(app)


def _refuse_foreign() -> None:
    """Refuse what another site's page sent, by what the browser says of it.

    Our Referrer-Policy makes browsers send `Origin: null` with forms, so it only
    tells something where it names a host.
    """
    if request.method in _SAFE or request.blueprint == "webhooks":
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site in _FOREIGN:
        abort(403, "This form was sent from another site.")
    origin = request.headers.get("Origin", "null")
    host = origin.partition("://")[2]
    if site is None and origin != "null" and host != request.host:
        abort(403, "This form was sent from another site.")
