"""Student Tracking."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vmps.web.access import ADMINS, allow
from vmps.web.htmx import render

bp = Blueprint("tracking", __name__, url_prefix="/admin/tracking")

TITLE = "Student Tracking"


@bp.get("/")
@allow(*ADMINS)
def index() -> ResponseReturnValue:
    """Show the page."""
    return render("tracking/index.html", partial="tracking/_panel.html", title=TITLE)
