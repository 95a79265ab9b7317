"""Student Tracking: a school's reasons, and the attendance code each stands for."""

# Beside it stand the pages of codes (`tracking_codes`) and of tardies.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import EventType, School
from vmps.services.actors import actor_of
from vmps.services.arrange_reasons import Arrangement, arrange_reason
from vmps.services.list_reasons import list_reasons
from vmps.services.reasons import ReasonsRefused, save_reasons
from vmps.services.school_codes import find_codes, look_at_year, say_missing
from vmps.services.schools import list_schools_of
from vmps.services.year_notice import find_year_notice
from vmps.tabs.tracking_sheet import Sheet, read_sheet
from vmps.web.access import ADMINS, allow, choose_or_404, get_or_404
from vmps.web.clock import now
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in

bp = Blueprint("tracking", __name__, url_prefix="/admin/tracking")

TITLE = "Student Tracking"
NOTHING: Mapping[str, str] = {}
_PRESS = re.compile(r"(up|down|hide|show)-([0-9]{1,9})")


@bp.get("/")
@allow(*ADMINS)
def index() -> ResponseReturnValue:
    """Show the reasons of one school."""
    school = choose_or_404(list_schools_of(signed_in()), request.args.get("school"))
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
    given = [row.code for row in mapped] + [row.code for row in added]
    told = told_saved(school, requeued, given)
    flash(told if mapped or added else "Nothing was changed.")
    return redirect_to(url_for(".index", school=school_id))


@bp.post("/<int:school_id>/order")
@allow(*ADMINS)
def arrange(school_id: int) -> ResponseReturnValue:
    """Move, hide or show one reason at once; what else was typed stays."""
    user = signed_in()
    school = get_or_404(School.visible_to(user), school_id)
    press = _PRESS.fullmatch(request.form.get("arrange", ""))
    if press is None:
        return redirect_to(url_for(".index", school=school_id))
    how = Arrangement(press[1])
    arrange_reason(school, int(press[2]), how, actor=actor_of(user))
    return _page(school, typed=request.form, pressed=press[0])


@bp.get("/<int:school_id>")
@bp.get("/<int:school_id>/order")
@allow(*ADMINS)
def go_back(school_id: int) -> ResponseReturnValue:
    """Go to the school: a button's address was opened as if it were a page."""
    get_or_404(School.visible_to(signed_in()), school_id)
    return redirect_to(url_for(".index", school=school_id))


def told_saved(school: School, requeued: int, codes: Sequence[str | None]) -> str:
    """Say that these codes were saved, and what of today does or does not go on."""
    told = "Saved."
    if requeued:
        verb = "is" if requeued == 1 else "are"
        told += f" {requeued} of today's events {verb} being sent again."
    return f"{told} {say_missing(school, codes, now=now())}".strip()


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
    pressed: str = "",
    status: int = 200,
) -> Response:
    schools = list_schools_of(signed_in())
    reasons = list_reasons(school, now=now())
    codes = find_codes(school, now=now())
    sheet = Sheet(reasons, codes, school.is_enabled, typed, errors)
    context: dict[str, Any] = {
        "tables": [sheet.table(kind) for kind in EventType],
        "defaults": reasons.defaults,
        "unknown": sheet.unknown(),
        "without_reason": reasons.without_reason,
        "codes": codes,
        "year": look_at_year(school, codes, now=now()),
        "year_notice": find_year_notice(
            [one for one in schools if one.id != school.id], now=now()
        ),
        "pressed": pressed,
        "has_errors": bool(errors),
    }
    return render(
        "tracking/index.html",
        partial="tracking/_panel.html",
        title=TITLE,
        status=status,
        schools=schools,
        school=school,
        zone=school.zone,
        page="reasons",
        **context,
    )
