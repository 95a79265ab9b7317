"""Student Tracking's attendance codes: imported, mapped as reasons, protected."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import School
from vmps.services.actors import actor_of
from vmps.services.import_codes import ManyImported, import_codes, import_codes_of
from vmps.services.list_codes import list_codes
from vmps.services.map_codes import CodesRefused, save_codes
from vmps.services.problems import Problem
from vmps.services.read_codes import read_codes
from vmps.services.school_years import year_at
from vmps.services.schools import list_schools_of
from vmps.tabs.tracking import bp, told_saved
from vmps.tabs.tracking_codes_form import CodesForm, rows_of
from vmps.web.access import ADMINS, allow, get_or_404
from vmps.web.clock import now
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in
from vmps.web.settings import settings
from vmps.words import count_of

TITLE = "Attendance Codes"
OF_ALL = "Attendance Codes of all schools"
_NONE = "Select the schools whose codes are to be imported, or import those of all."


@bp.get("/codes")
@allow(*ADMINS)
def index_codes() -> ResponseReturnValue:
    """List the user's schools with what they have of codes."""
    return _list()


@bp.post("/codes")
@allow(*ADMINS)
def import_many() -> ResponseReturnValue:
    """Import the codes of the selected schools, or of all."""
    user, selected = signed_in(), set(request.form.getlist("school"))
    is_all = "all" in request.form
    wanted = [s for s in list_schools_of(user) if is_all or str(s.id) in selected]
    if not wanted:
        return _list(Problem(_NONE), status=422)
    try:
        many = import_codes_of(
            wanted, settings=settings(), actor=actor_of(user), now=now()
        )
    except Problem as problem:
        return _list(problem, status=422)
    return _list(many=many, status=422 if many.refused else 200)


@bp.get("/<int:school_id>/codes")
@allow(*ADMINS)
def show_codes(school_id: int) -> ResponseReturnValue:
    """Show one school's codes, and what each is used for."""
    return _page(get_or_404(School.visible_to(signed_in()), school_id))


@bp.post("/<int:school_id>/codes")
@allow(*ADMINS)
def update_codes(school_id: int) -> ResponseReturnValue:
    """Save what the codes are used for, all or none."""
    user = signed_in()
    school = get_or_404(School.visible_to(user), school_id)
    form, codes = CodesForm.of(request.form), read_codes(school, now=now()).codes
    named = {code.code: code.description for code in codes.named} if codes else {}
    try:
        saved = save_codes(
            school, list(form.choices.values()), named, actor=actor_of(user), now=now()
        )
    except CodesRefused as refused:
        form = CodesForm(form.choices, refused.errors, refused.found)
        return _page(school, form, status=422)
    told = told_saved(school, saved.requeued, form.newly_mapped())
    flash(told if saved.codes else "Nothing was changed.")
    return redirect_to(url_for(".show_codes", school_id=school_id))


@bp.post("/<int:school_id>/codes/import")
@allow(*ADMINS)
def import_one(school_id: int) -> ResponseReturnValue:
    """Ask PowerSchool for the school's codes, of this year or of the next."""
    user = signed_in()
    school = get_or_404(School.visible_to(user), school_id)
    year_id = year_at(school, now()) + 1 if "next" in request.form else None
    try:
        done = import_codes(
            school,
            settings=settings(),
            actor=actor_of(user),
            now=now(),
            year_id=year_id,
        )
    except Problem as problem:
        return _page(school, problem=problem, status=422)
    flash(done.words())
    return redirect_to(url_for(".show_codes", school_id=school_id))


@bp.get("/<int:school_id>/codes/import")
@allow(*ADMINS)
def go_back_to_codes(school_id: int) -> ResponseReturnValue:
    """Go to the codes: a button's address was opened as if it were a page."""
    get_or_404(School.visible_to(signed_in()), school_id)
    return redirect_to(url_for(".show_codes", school_id=school_id))


def _page(
    school: School,
    form: CodesForm | None = None,
    *,
    problem: Problem | None = None,
    status: int = 200,
) -> Response:
    form = form or CodesForm()
    view = read_codes(school, now=now())
    rows = rows_of(view.codes, view.uses, view.labels, form)
    context: dict[str, Any] = {
        "rows": sorted(rows, key=lambda row: row.is_absence),
        "absences_first": sorted(rows, key=lambda row: not row.is_absence),
        "codes": view.codes,
        "year": view.year,
        "problem": problem,
        "has_errors": bool(form.errors),
    }
    return render(
        "tracking/codes.html",
        partial="tracking/_codes_panel.html",
        title=TITLE,
        status=status,
        school=school,
        zone=school.zone,
        page="codes",
        has_others=len(list_schools_of(signed_in())) > 1,
        **context,
    )


def _list(
    problem: Problem | None = None,
    *,
    many: ManyImported | None = None,
    status: int = 200,
) -> Response:
    listed = list_codes(signed_in(), now=now())
    return render(
        "tracking/codes_of_all.html",
        partial="tracking/_codes_of_all.html",
        title=OF_ALL,
        status=status,
        listed=listed,
        many=many,
        problem=problem,
        told=_told(many) if many else "",
    )


def _told(many: ManyImported) -> str:
    told = f"Imported the codes of {count_of(len(many.imported), 'school')}."
    if many.left and not many.refused:
        told += f" {count_of(len(many.left), 'school')} left: press again to go on."
    return told
