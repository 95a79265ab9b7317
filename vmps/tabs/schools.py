"""School Building Setup: each school's Status and Attendance Mode, saved together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import AttendanceMode, Role, School, User
from vmps.services.actors import actor_of
from vmps.services.check_modes import check_modes
from vmps.services.list_schools import ListedSchool, held_schools, list_schools
from vmps.services.meeting_rules import find_known_codes
from vmps.services.prevent_overrides import (
    Outdated,
    allow_overrides,
    prevent_overrides,
    preview_prevention,
)
from vmps.services.problems import Problem
from vmps.services.send_not_sent import send_not_sent
from vmps.services.set_up_schools import NotSaved, SetUpSaved, save_set_up
from vmps.services.users import list_district_admins
from vmps.services.year_notice import YearNotice, find_year_notice
from vmps.tabs.schools_form import SchoolsForm, read_modes, rows_of
from vmps.tabs.schools_modes import notes_of
from vmps.tabs.schools_modes import told_of as modes_told
from vmps.web.access import ADMINS, allow, get_or_404
from vmps.web.clock import now
from vmps.web.frame import health_for
from vmps.web.gate import needs_connection
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in
from vmps.web.settings import settings
from vmps.words import count_of

bp = Blueprint("schools", __name__, url_prefix="/admin/powerschool/schools")

TITLE = "School Building Setup"
PREVENT = "Prevent School Overrides"


@bp.get("/")
@allow(*ADMINS)
@needs_connection(TITLE)
def index() -> ResponseReturnValue:
    """List the user's schools."""
    return _page()


@bp.post("/")
@allow(*ADMINS)
@needs_connection(TITLE)
def update() -> ResponseReturnValue:
    """Save the changed rows, all or none; Apply first sets the selected ones."""
    user, form = signed_in(), SchoolsForm.of(request.form)
    if form.together and not user.is_district_admin:
        abort(403)
    if form.problem:
        return _page(form, status=422)
    try:
        saved = save_set_up(user, form.choices.values(), now=now())
    except NotSaved as refused:
        return _page(form, refused, status=422)
    flash(_told(saved))
    return redirect_to(url_for(".index"))


@bp.post("/<int:school_id>/send")
@allow(*ADMINS)
@needs_connection(TITLE)
def send(school_id: int) -> ResponseReturnValue:
    """Send what the school did not send today while it was disabled."""
    count = send_not_sent(signed_in(), school_id, now=now())
    none = "There was nothing left to send."
    flash(f"Sending {count_of(count, 'event')} of today now." if count else none)
    return redirect_to(url_for(".index"))


@bp.post("/modes")
@allow(*ADMINS)
@needs_connection(TITLE)
def check() -> ResponseReturnValue:
    """Compare the modes with PowerSchool's recent attendance, for some seconds."""
    try:
        checked = check_modes(signed_in(), settings(), now=now())
    except Problem as problem:
        return _page(status=409, unchecked=problem)
    flash(modes_told(checked))
    return redirect_to(url_for(".index"))


@bp.get("/overrides")
@allow(Role.DISTRICT_ADMIN)
@needs_connection(TITLE)
def preview() -> ResponseReturnValue:
    """Show what preventing overrides would change, and ask for missing modes."""
    if signed_in().district.prevents_overrides:
        return redirect_to(url_for(".index"))
    return _preview({})


@bp.post("/overrides")
@allow(Role.DISTRICT_ADMIN)
@needs_connection(TITLE)
def prevent() -> ResponseReturnValue:
    """Prevent overrides, as previewed."""
    user, modes = signed_in(), read_modes(request.form)
    try:
        saved = prevent_overrides(
            user.district_id,
            modes,
            fingerprint=request.form.get("fingerprint", ""),
            actor=actor_of(user),
            now=now(),
        )
    except (NotSaved, Outdated) as refused:
        return _preview(modes, refused)
    flash(f"{PREVENT} is on. {_told(saved)}")
    return redirect_to(url_for(".index"))


@bp.post("/overrides/off")
@allow(Role.DISTRICT_ADMIN)
@needs_connection(TITLE)
def permit() -> ResponseReturnValue:
    """Give building admins their choice back; nothing else changes."""
    user = signed_in()
    allow_overrides(user.district_id, actor=actor_of(user))
    flash(f"{PREVENT} is off. No school was changed.")
    return redirect_to(url_for(".index"))


@bp.get("/<int:school_id>/send")
@allow(*ADMINS)
def go_back(school_id: int) -> ResponseReturnValue:
    """Go to the list: a button's address was opened as if it were a page."""
    get_or_404(School.visible_to(signed_in()), school_id)
    return redirect_to(url_for(".index"))


@bp.get("/modes")
@allow(*ADMINS)
def go_back_from_modes() -> ResponseReturnValue:
    """Go to the list, as `go_back` does."""
    return redirect_to(url_for(".index"))


@bp.get("/overrides/off")
@allow(Role.DISTRICT_ADMIN)
def go_back_to_overrides() -> ResponseReturnValue:
    """Go to the list, as `go_back` does."""
    return redirect_to(url_for(".index"))


def _page(
    form: SchoolsForm | None = None,
    refused: NotSaved | None = None,
    *,
    status: int = 200,
    unchecked: Problem | None = None,
) -> Response:
    """Return the page; `unchecked` is why the modes could not be checked."""
    user = signed_in()
    listed = list_schools(user, now=now())
    is_prevented = user.district.prevents_overrides
    can_edit = user.is_district_admin or not is_prevented
    return render(
        "schools/index.html",
        partial="schools/_panel.html",
        title=TITLE,
        status=status,
        rows=rows_of(listed, form, refused),
        held=held_schools(listed),
        mode_notes=notes_of(listed, can_edit=can_edit),
        unchecked=unchecked,
        together=form.together if form else None,
        problem=form.problem if form else "",
        modes=list(AttendanceMode),
        codes=find_known_codes(one.school.id for one in listed),
        is_prevented=is_prevented,
        is_district_admin=user.is_district_admin,
        can_edit=can_edit,
        district_name=user.district.name,
        year_notice=_year_notice(user, listed),
        district_admins=[] if can_edit else list_district_admins(user.district_id),
        health=health_for(user),
        now=now(),
        zone=ZoneInfo(user.district.timezone),
    )


def _year_notice(user: User, listed: Sequence[ListedSchool]) -> YearNotice | None:
    if not user.is_district_admin:
        return None
    return find_year_notice([one.school for one in listed], now=now())


def _preview(
    modes: Mapping[int, AttendanceMode], refused: Problem | None = None
) -> Response:
    errors = refused.rows if isinstance(refused, NotSaved) else {}
    return render(
        "schools/overrides.html",
        partial="schools/_confirm.html",
        title=PREVENT,
        status=422 if refused else 200,
        preview=preview_prevention(signed_in().district),
        modes=list(AttendanceMode),
        chosen=modes,
        errors=errors,
        problem=refused.message if refused and not errors else "",
        index_url=url_for(".index"),
    )


def _told(saved: SetUpSaved) -> str:
    """Say what was saved, and what that does to events that wait."""
    if not saved.schools:
        return "No school was changed."
    told = f"Saved {count_of(saved.schools, 'school')}."
    if saved.requeued:
        told += f" Sending {count_of(saved.requeued, 'event')} that waited for this."
    if saved.not_sent:
        told += (
            f" Not sending {count_of(saved.not_sent, 'event')} that waited: enter"
            f" {'it' if saved.not_sent == 1 else 'them'} in PowerSchool by hand."
        )
    return told
