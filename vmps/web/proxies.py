"""Who the client is behind proxies: only as many hops as the operator said."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believe the last TRUSTED_PROXIES entries of the X-Forwarded headers."""
    hops = app.extensions["vmps.settings"].trusted_proxies
    if hops:
        wrapped = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = wrapped  # type: ignore[method-assign]
