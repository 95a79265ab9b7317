"""Security and cache headers on every answer, whatever its status."""

from __future__ import annotations

from flask import Flask, Response, request

from vmps.web import htmx
from vmps.web.assets import HTMX_CDN

_YEAR = 365 * 24 * 3600

#: No inline script or style anywhere, so no exception and no nonce.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def init_app(app: Flask) -> None:
    """Add the headers after every request, errors included."""
    settings = app.extensions["vmps.settings"]
    scripts = f"'self' {HTMX_CDN}" if settings.cdn else "'self'"
    headers = _ALWAYS | {"Content-Security-Policy": _POLICY.format(scripts=scripts)}
    if not settings.plain_http:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(headers)
        if response.mimetype == "text/html":
            # A fragment and its page share the URL; Back must not show the fragment.
            response.vary.add(htmx.REQUEST)
            response.headers["Cache-Control"] = "no-store"
        elif request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        return response
