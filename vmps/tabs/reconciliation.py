"""Reconciliation: a school day's events beside PowerSchool's rows, and a resend."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import School
from vmps.services.actors import actor_of
from vmps.services.problems import Problem
from vmps.services.reconcile import Reconciliation, reconcile
from vmps.services.resend import resend as send_again
from vmps.services.schools import list_schools_of, today_at
from vmps.web.access import ADMINS, allow, choose_or_404, get_or_404, is_id
from vmps.web.clock import now
from vmps.web.gate import needs_connection
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in
from vmps.web.settings import settings
from vmps.words import count_of

bp = Blueprint(
    "reconciliation", __name__, url_prefix="/admin/powerschool/reconciliation"
)

TITLE = "Reconciliation"
#: Others are typing errors, and near the ends of what a date can be.
YEARS = range(1990, 2100)


@bp.get("/")
@allow(*ADMINS)
@needs_connection(TITLE)
def index() -> ResponseReturnValue:
    """Ask for a school and a day."""
    return _page(_chosen_school(request.args.get("school")), request.args.get("day"))


@bp.post("/")
@allow(*ADMINS)
@needs_connection(TITLE)
def compare() -> ResponseReturnValue:
    """Read PowerSchool and show what differs; nothing is changed."""
    return _compared(_chosen_school(request.form.get("school")))


@bp.post("/<int:school_id>/resend")
@allow(*ADMINS)
@needs_connection(TITLE)
def resend(school_id: int) -> ResponseReturnValue:
    """Send again what PowerSchool holds no more, and compare anew beneath it."""
    user = signed_in()
    school = get_or_404(School.visible_to(user), school_id)
    ids = [int(text) for text in request.form.getlist("writeback") if is_id(text)]
    count = send_again(school, ids, actor=actor_of(user), now=now())
    none = "There was nothing left to send."
    flash(f"Sending {count_of(count, 'event')} again now." if count else none)
    return _compared(school)


@bp.get("/<int:school_id>/resend")
@allow(*ADMINS)
def go_back(school_id: int) -> ResponseReturnValue:
    """Go to the form: a button's address was opened as if it were a page."""
    get_or_404(School.visible_to(signed_in()), school_id)
    return redirect_to(url_for(".index", school=school_id))


def _compared(school: School | None) -> Response:
    """Return the page with the comparison of the school and the day of the form."""
    typed = request.form.get("day", "")
    day = _day_of(typed)
    if school is None or day is None:
        return _page(school, typed, error="Give a date.", status=422)
    try:
        found = reconcile(school, day, settings(), now=now())
    except Problem as problem:
        return _page(school, typed, problem=problem, status=422)
    return _page(school, typed, found=found)


def _chosen_school(wanted: str | None) -> School | None:
    return choose_or_404(list_schools_of(signed_in()), wanted)


def _day_of(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _page(
    school: School | None,
    typed: str | None,
    *,
    found: Reconciliation | None = None,
    problem: Problem | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    day = typed or (today_at(school, now()).isoformat() if school else "")
    return render(
        "reconciliation/index.html",
        partial="reconciliation/_panel.html",
        title=TITLE,
        status=status,
        schools=list_schools_of(signed_in()),
        school=school,
        day=day,
        shown_day=_day_of(day),
        found=found,
        problem=problem,
        error=error,
    )
