"""Settings: how the district's PowerSchool is reached, and a test of it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from vmps.models import Role
from vmps.services.actors import actor_of
from vmps.services.build_plugin import Edition, build_plugin, describe_plugin
from vmps.services.check_connection import check_connection
from vmps.services.confirm_roster_id import confirm_roster_id
from vmps.services.connection_health import Health, view_health
from vmps.services.connection_view import find_last_saver, view_connection
from vmps.services.connections import ConnectionSaved, Overtaken, save_connection
from vmps.services.detect_roster_id import detect_roster_id
from vmps.services.lacks import group_lacks, request_text
from vmps.services.problems import Invalid, Problem
from vmps.services.steps import sum_up
from vmps.services.view_delivery import view_delivery
from vmps.tabs.settings_form import VISIBLE_IDS, SettingsForm
from vmps.tabs.settings_identity import ROSTER_IDS, read_kind, told_of
from vmps.web.access import allow
from vmps.web.clock import now
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in
from vmps.web.settings import settings
from vmps.words import count_of

bp = Blueprint("settings", __name__, url_prefix="/admin/powerschool/settings")

TITLE = "Settings"
MOST_NAMES = 5
_EDITIONS = ", ".join(f"'{edition}'" for edition in Edition)


@bp.get("/")
@allow(Role.DISTRICT_ADMIN)
def index() -> ResponseReturnValue:
    """Show what is saved, all but the secret."""
    return _page()


@bp.post("/")
@allow(Role.DISTRICT_ADMIN)
def update() -> ResponseReturnValue:
    """Save for all schools, or say beside each field what is wrong."""
    form, networks = SettingsForm(request.form), settings().allowed_networks
    if form.takes_correction(request.form.get("use_url"), networks):
        flash("The corrected URL is filled in. Nothing is saved yet.")
        return _page(form)
    try:
        saved = _save(form)
    except Invalid as invalid:
        form.blame(invalid)
        return _page(form, status=422)
    except Overtaken as overtaken:
        return _page(form, status=409, newer=overtaken.fields)
    flash(_told(saved))
    return redirect_to(url_for(".index"))


def _save(form: SettingsForm) -> ConnectionSaved:
    user = signed_in()
    return save_connection(
        user.district,
        form.wanted(user),
        allowed_networks=settings().allowed_networks,
        actor=actor_of(user),
        now=now(),
    )


@bp.post("/test")
@allow(Role.DISTRICT_ADMIN)
def check() -> ResponseReturnValue:
    """Test what is saved, step by step; ends by ATTEMPT_SECONDS."""
    user = signed_in()
    try:
        steps = check_connection(
            user.district, settings(), actor=actor_of(user), now=now()
        )
    except Problem as problem:
        return _page(status=409, partial="settings/_test.html", notice=problem.message)
    return _page(
        partial="settings/_test.html", health=Health(tuple(steps), now()), is_fresh=True
    )


@bp.get("/test")
@allow(Role.DISTRICT_ADMIN)
def show_test() -> ResponseReturnValue:
    """Go to the page: it shows the last result beside the button."""
    return redirect_to(url_for(".index"))


@bp.post("/roster-id")
@allow(Role.DISTRICT_ADMIN)
def detect() -> ResponseReturnValue:
    """Compare a sample of the roster with PowerSchool; ends by ATTEMPT_SECONDS."""
    partial = "settings/_identity.html"
    try:
        found = detect_roster_id(signed_in().district, settings())
    except Problem as problem:
        return _page(status=409, partial=partial, refused=problem)
    return _page(partial=partial, found=found)


@bp.post("/roster-id/confirm")
@allow(Role.DISTRICT_ADMIN)
def confirm() -> ResponseReturnValue:
    """Save what the roster's SIS ID is; who looked at older settings looks again."""
    user, sent = signed_in(), request.form
    try:
        kind = read_kind(sent.get("roster_id", ""))
        confirmed = confirm_roster_id(
            user.district,
            kind,
            settings(),
            seen=sent.get("version", ""),
            is_forced=sent.get("although") == kind,
            actor=actor_of(user),
            now=now(),
        )
    except Problem as problem:
        return _page(status=422, refused=problem)
    flash(told_of(kind, confirmed))
    return redirect_to(url_for(".index"))


@bp.get("/roster-id")
@bp.get("/roster-id/confirm")
@allow(Role.DISTRICT_ADMIN)
def show_identity() -> ResponseReturnValue:
    """Go to the page with the buttons: a result is not kept."""
    return redirect_to(url_for(".index", _anchor="settings-identity"))


@bp.get(f"/plugin/<any({_EDITIONS}):edition>")
@allow(Role.DISTRICT_ADMIN)
def download(edition: str) -> ResponseReturnValue:
    """Give the plugin's ZIP; needs no connection, which begins with it."""
    plugin = build_plugin(Edition(edition), contact=settings().plugin_contact)
    return send_file(
        BytesIO(plugin.content),
        mimetype="application/zip",
        as_attachment=True,
        download_name=plugin.name,
    )


def _page(
    form: SettingsForm | None = None,
    *,
    status: int = 200,
    partial: str = "settings/_panel.html",
    newer: Sequence[str] = (),
    health: Health | None = None,
    **test: object,
) -> Response:
    """Return the page; `newer` are the fields that somebody else saved meanwhile."""
    user = signed_in()
    health = health or view_health(user.district_id)
    saved = view_connection(user.district)
    form = form or SettingsForm.showing(saved)
    form.keep_secret(user)
    if newer and saved:
        form.version.data = saved.version
    return render(
        "settings/index.html",
        partial=partial,
        title=TITLE,
        status=status,
        form=form,
        saved=saved,
        newer=newer,
        newer_by=find_last_saver(user.district) if newer else "",
        zone=ZoneInfo(user.district.timezone),
        visible_ids=VISIBLE_IDS,
        roster_ids=ROSTER_IDS,
        health=health,
        result=sum_up(health.steps) if health else "",
        request=request_text(group_lacks(health.steps)) if health else "",
        delivery=view_delivery(user, now=now()),
        now=now(),
        plugin=describe_plugin(),
        **test,
    )


def _told(saved: ConnectionSaved) -> str:
    if not saved.school_count:
        return "Saved. There are no schools here yet to be set up."
    text = Markup('Saved. {} can be set up in <a href="{}">{}</a>.').format(
        count_of(saved.school_count, "school"),
        url_for("schools.index"),
        "School Building Setup",
    )
    names, more = saved.without_mode[:MOST_NAMES], saved.without_mode[MOST_NAMES:]
    if names:
        shown = ", ".join(names) + (f" and {len(more)} more" if more else "")
        text += Markup(" Still without an Attendance Mode: {}.").format(shown)
    return text
