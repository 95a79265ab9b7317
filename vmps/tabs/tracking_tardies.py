"""Student Tracking's tardies: settings of schools, and students who are often late."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from vmps.models import Role, School
from vmps.services.actors import actor_of
from vmps.services.count_tardies import count_tardies
from vmps.services.prevent_overrides import Outdated
from vmps.services.prevent_tardy_overrides import (
    allow_tardy_overrides,
    prevent_tardy_overrides,
    preview_tardy_prevention,
)
from vmps.services.problems import Problem
from vmps.services.schools import list_schools_of
from vmps.services.tardies import TardiesRefused, TardySettings, save_tardies
from vmps.services.users import list_district_admins
from vmps.tabs.tracking import bp
from vmps.tabs.tracking_tardies_form import TardiesForm, Unread
from vmps.web.access import ADMINS, allow, get_or_404, is_id
from vmps.web.clock import now
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in
from vmps.words import count_of, say_time

TITLE = "Tardies"
OF_ALL = "Tardies of all schools"
PREVENT = "Prevent School Overrides of tardy settings"


@bp.get("/tardies")
@allow(*ADMINS)
def index_tardies() -> ResponseReturnValue:
    """List the user's schools with their tardy settings."""
    return _list()


@bp.post("/tardies")
@allow(*ADMINS)
def update_tardies() -> ResponseReturnValue:
    """Save the changed rows, all or none; Apply first sets the selected ones."""
    user, form = signed_in(), TardiesForm(MultiDict(request.form))
    if form.is_together and not user.is_district_admin:
        abort(403)
    try:
        saved = save_tardies(user, form.read(), now=now())
    except Unread as unread:
        return _list(TardiesForm(form.sent, unread=unread.fields), status=422)
    except TardiesRefused as refused:
        return _list(TardiesForm(form.sent, refused), status=422)
    except Problem as problem:
        if not form.is_together:
            raise
        return _list(TardiesForm(form.sent, problem=problem.message), status=422)
    flash(f"Saved {count_of(saved, 'school')}." if saved else "Nothing was changed.")
    return redirect_to(url_for(".index_tardies"))


@bp.get("/<int:school_id>/tardies")
@allow(*ADMINS)
def show_tardies(school_id: int) -> ResponseReturnValue:
    """Show what one school has set, and the students it calls attention to."""
    school = get_or_404(School.visible_to(signed_in()), school_id)
    wanted = request.args.get("page", "")
    number = int(wanted) if is_id(wanted) else 1
    settings = TardySettings.of(school)
    return render(
        "tracking/tardies.html",
        partial="tracking/_tardies_panel.html",
        title=TITLE,
        school=school,
        page="tardies",
        late_time=say_time(settings.late_time) if settings.late_time else "",
        threshold=settings.threshold,
        tardies=count_tardies(school, page=number, now=now()),
        has_others=len(list_schools_of(signed_in())) > 1,
    )


@bp.get("/tardies/overrides")
@allow(Role.DISTRICT_ADMIN)
def preview_tardies() -> ResponseReturnValue:
    """Show what stays as it is while overrides are prevented."""
    if signed_in().district.prevents_tardy_overrides:
        return redirect_to(url_for(".index_tardies"))
    return _preview()


@bp.post("/tardies/overrides")
@allow(Role.DISTRICT_ADMIN)
def prevent_tardies() -> ResponseReturnValue:
    """Prevent overrides, as previewed."""
    user, seen = signed_in(), request.form.get("fingerprint", "")
    try:
        prevent_tardy_overrides(
            user.district_id, fingerprint=seen, actor=actor_of(user)
        )
    except Outdated as outdated:
        return _preview(outdated)
    flash(f"{PREVENT} is on. No school was changed.")
    return redirect_to(url_for(".index_tardies"))


@bp.post("/tardies/overrides/off")
@allow(Role.DISTRICT_ADMIN)
def permit_tardies() -> ResponseReturnValue:
    """Let building admins set their schools' again."""
    user = signed_in()
    allow_tardy_overrides(user.district_id, actor=actor_of(user))
    flash(f"{PREVENT} is off. No school was changed.")
    return redirect_to(url_for(".index_tardies"))


@bp.get("/tardies/overrides/off")
@allow(Role.DISTRICT_ADMIN)
def go_back_to_tardies() -> ResponseReturnValue:
    """Go to the list: a button's address was opened as if it were a page."""
    return redirect_to(url_for(".index_tardies"))


def _list(form: TardiesForm | None = None, *, status: int = 200) -> Response:
    user, form = signed_in(), form or TardiesForm()
    is_prevented = user.district.prevents_tardy_overrides
    can_edit = user.is_district_admin or not is_prevented
    sent = form.sent if form.is_together else {}
    context: dict[str, Any] = {
        "rows": form.rows(list_schools_of(user)),
        "problem": form.problem,
        "unread": form.unread,
        "together_time": sent.get("together_time", ""),
        "together_threshold": sent.get("together_threshold", ""),
        "is_prevented": is_prevented,
        "is_district_admin": user.is_district_admin,
        "can_edit": can_edit,
        "district_name": user.district.name,
        "district_admins": [] if can_edit else list_district_admins(user.district_id),
    }
    return render(
        "tracking/tardies_of_all.html",
        partial="tracking/_tardies_of_all.html",
        title=OF_ALL,
        status=status,
        **context,
    )


def _preview(refused: Problem | None = None) -> Response:
    return render(
        "tracking/tardies_overrides.html",
        partial="tracking/_tardies_confirm.html",
        title=PREVENT,
        status=422 if refused else 200,
        preview=preview_tardy_prevention(signed_in().district_id),
        problem=refused.message if refused else "",
    )
