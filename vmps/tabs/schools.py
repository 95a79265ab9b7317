"""School Building Setup."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vmps.web.access import ADMINS, allow
from vmps.web.htmx import render

bp = Blueprint("schools", __name__, url_prefix="/admin/powerschool/schools")

TITLE = "School Building Setup"


@bp.get("/")
@allow(*ADMINS)
def index() -> ResponseReturnValue:
    """Show the page."""
    return render("schools/index.html", partial="schools/_panel.html", title=TITLE)
