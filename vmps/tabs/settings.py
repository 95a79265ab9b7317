"""Settings."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vmps.web.access import ADMINS, allow
from vmps.web.htmx import render

bp = Blueprint("settings", __name__, url_prefix="/admin/powerschool/settings")

TITLE = "Settings"


@bp.get("/")
@allow(*ADMINS)
def index() -> ResponseReturnValue:
    """Show the page."""
    return render("settings/index.html", partial="settings/_panel.html", title=TITLE)
