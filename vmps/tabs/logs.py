"""Writeback Logs."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from vmps.web.access import ADMINS, allow
from vmps.web.htmx import render

bp = Blueprint("logs", __name__, url_prefix="/admin/powerschool/logs")

TITLE = "Writeback Logs"


@bp.get("/")
@allow(*ADMINS)
def index() -> ResponseReturnValue:
    """Show the page."""
    return render("logs/index.html", partial="logs/_panel.html", title=TITLE)
