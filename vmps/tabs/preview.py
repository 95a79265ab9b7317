"""Preview: what an event would write to PowerSchool, without writing it."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import School
from vmps.services.preview import preview
from vmps.services.problems import Invalid, Problem
from vmps.services.schools import list_schools_of
from vmps.tabs.logs_fixes import fix_link
from vmps.tabs.preview_form import PreviewForm
from vmps.web.access import ADMINS, allow, choose_or_404, get_or_404
from vmps.web.clock import now
from vmps.web.gate import needs_connection
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in
from vmps.web.settings import settings

bp = Blueprint("preview", __name__, url_prefix="/admin/powerschool/preview")

TITLE = "Preview"


@bp.get("/")
@allow(*ADMINS)
@needs_connection(TITLE)
def index() -> ResponseReturnValue:
    """Show the form for one school."""
    school = choose_or_404(list_schools_of(signed_in()), request.args.get("school"))
    return _page(PreviewForm.fresh(school, now()) if school else None)


@bp.post("/<int:school_id>")
@allow(*ADMINS)
@needs_connection(TITLE)
def show(school_id: int) -> ResponseReturnValue:
    """Read PowerSchool and tell what would be written; nothing is."""
    school = get_or_404(School.visible_to(signed_in()), school_id)
    form = PreviewForm.typed(school, request.form)
    trial = form.read(now())
    if trial is None:
        return _page(form, status=422)
    try:
        found = preview(trial, settings(), now=now())
    except Invalid as invalid:
        form.errors |= invalid.fields
        return _page(form, status=422)
    except Problem as problem:
        return _page(form, problem=problem, status=422)
    fix = fix_link(found.cause, signed_in(), school.id)
    return _page(form, trial=trial, found=found, fix=fix)


@bp.get("/<int:school_id>")
@allow(*ADMINS)
def go_back(school_id: int) -> ResponseReturnValue:
    """Go to the form: a button's address was opened as if it were a page."""
    get_or_404(School.visible_to(signed_in()), school_id)
    return redirect_to(url_for(".index", school=school_id))


def _page(
    form: PreviewForm | None, *, status: int = 200, **outcome: object
) -> Response:
    return render(
        "preview/index.html",
        partial="preview/_panel.html",
        title=TITLE,
        status=status,
        schools=list_schools_of(signed_in()),
        form=form,
        school=form.school if form else None,
        **({"trial": None, "found": None, "problem": None} | outcome),
    )
