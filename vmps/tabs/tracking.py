"""Student Tracking: a school's reasons, and the attendance code each stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from vmps.models import EventType, School
from vmps.services.actors import actor_of
from vmps.services.list_reasons import list_reasons
from vmps.services.look_up_codes import CodeBook
from vmps.services.problems import Problem
from vmps.services.reasons import ReasonsRefused, save_reasons
from vmps.tabs.reason_sheet import Sheet, read_sheet
from vmps.web.access import ADMINS, allow, get_or_404
from vmps.web.clock import now
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in

bp = Blueprint("tracking", __name__, url_prefix="/admin/tracking")

TITLE = "Student Tracking"
NOTHING: Mapping[str, str] = {}
LONGEST_ID = 10


@bp.record_once
def _keep_codes(state: BlueprintSetupState) -> None:
    """Give the process one book for the codes that were looked up."""
    settings = state.app.extensions["vmps.settings"]
    state.app.extensions["vmps.code_book"] = CodeBook(settings)


@bp.get("/")
@allow(*ADMINS)
def index() -> ResponseReturnValue:
    """Show the reasons of one school."""
    school = _chosen()
    return _page(school) if school else _no_school()


@bp.post("/<int:school_id>")
@allow(*ADMINS)
def update(school_id: int) -> ResponseReturnValue:
    """Save the school's rows, all or none."""
    user = signed_in()
    school = get_or_404(School.visible_to(user), school_id)
    try:
        mapped, added = read_sheet(request.form, school)
        requeued = save_reasons(school, mapped, added, actor=actor_of(user), now=now())
    except ReasonsRefused as refused:
        return _page(school, typed=request.form, errors=refused.errors, status=422)
    flash(_saved(requeued) if mapped or added else "Nothing was changed.")
    return redirect_to(url_for(".index", school=school_id))


@bp.post("/<int:school_id>/codes")
@allow(*ADMINS)
def look_up(school_id: int) -> ResponseReturnValue:
    """Ask PowerSchool for the school's codes; what was typed stays."""
    school = get_or_404(School.visible_to(signed_in()), school_id)
    try:
        _code_book().look_up(school, now=now())
    except Problem as problem:
        return _page(school, typed=request.form, problem=problem, status=422)
    return _page(school, typed=request.form, is_looked_up=True)


@bp.get("/<int:school_id>")
@bp.get("/<int:school_id>/codes")
@allow(*ADMINS)
def go_back(school_id: int) -> ResponseReturnValue:
    """Go to the school: a button's address was opened as if it were a page."""
    get_or_404(School.visible_to(signed_in()), school_id)
    return redirect_to(url_for(".index", school=school_id))


def _code_book() -> CodeBook:
    book: CodeBook = current_app.extensions["vmps.code_book"]
    return book


def _schools() -> Sequence[School]:
    return list(School.visible_to(signed_in()).order_by(School.name, School.id))


def _chosen() -> School | None:
    """Return the school of the query, or the user's first one, if there is any."""
    wanted = request.args.get("school")
    if wanted is None:
        return next(iter(_schools()), None)
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= LONGEST_ID):
        abort(404)
    return get_or_404(School.visible_to(signed_in()), int(wanted))


def _saved(requeued: int) -> str:
    if not requeued:
        return "Saved."
    verb = "is" if requeued == 1 else "are"
    return f"Saved. {requeued} of today's events {verb} being sent again."


def _no_school() -> Response:
    return render(
        "tracking/index.html",
        partial="tracking/_no_school.html",
        title=TITLE,
        schools=[],
        school=None,
    )


def _page(
    school: School,
    *,
    typed: Mapping[str, str] = NOTHING,
    errors: Mapping[str, str] = NOTHING,
    problem: Problem | None = None,
    is_looked_up: bool = False,
    status: int = 200,
) -> Response:
    reasons = list_reasons(school, now=now())
    codes = _code_book().known(school, now=now())
    sheet = Sheet(reasons, codes, school.is_enabled, typed, errors)
    context: dict[str, Any] = {
        "tables": [(k, sheet.known(k), sheet.blank(k)) for k in EventType],
        "defaults": reasons.defaults,
        "unknown": sheet.unknown(),
        "without_reason": reasons.without_reason,
        "codes": codes,
        "problem": problem,
        "is_looked_up": is_looked_up,
        "has_errors": bool(errors),
    }
    return render(
        "tracking/index.html",
        partial="tracking/_panel.html",
        title=f"Error: {TITLE}" if errors or problem else TITLE,
        status=status,
        schools=_schools(),
        school=school,
        zone=school.zone,
        **context,
    )
