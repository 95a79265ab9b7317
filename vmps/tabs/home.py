"""The start page: admins go on to the log, staff read what is theirs."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from vmps.models import Role
from vmps.services.schools import list_schools_of
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
    names = [school.name for school in list_schools_of(user)]
    return render_template("home/index.html", title="Welcome", school_names=names)
