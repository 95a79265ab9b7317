"""Static files: addresses that change with their content, and where htmx comes from."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app, url_for

HTMX = "vendor/htmx.min.js"
HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
#: Of that file and of our copy alike; a test compares.
HTMX_INTEGRITY = (
    "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
)


def init_app(app: Flask) -> None:
    """Give templates `asset(name)` and what the script loader needs."""
    settings = app.extensions["vmps.settings"]
    app.jinja_env.globals.update(
        asset=asset,
        htmx_cdn=HTMX_CDN if settings.cdn else "",
        htmx_integrity=HTMX_INTEGRITY,
        htmx_local=HTMX,
    )


def asset(name: str) -> str:
    """Return the address of a static file, good for ever: it holds a digest."""
    folder = current_app.static_folder or ""
    return url_for("static", filename=name, v=_digest(Path(folder, name)))


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
