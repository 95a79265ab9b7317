"""The start page: admins go on to the log, staff read what is theirs."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from vmps.models import Role, School
from vmps.web.access import EVERYBODY, allow
from vmps.web.htmx import redirect_to
from vmps.web.sessions import signed_in

bp = Blueprint("home", __name__)


@bp.get("/")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    """Go to the user's first page."""
    user = signed_in()
    if user.role != Role.STAFF:
        return redirect_to(url_for("logs.index"))
    schools = School.visible_to(user).order_by(School.name)
    names = [school.name for school in schools]
    return render_template("home/index.html", title="Welcome", school_names=names)
