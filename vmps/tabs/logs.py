"""Writeback Logs: what we sent to PowerSchool, and how each attempt went."""

# Page 1 asks every few seconds whether anything is new; where nothing is, the answer
# is empty (204). What it shows is told by a digest in the question.

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import School, Writeback
from vmps.services.actors import actor_of
from vmps.services.enter_by_hand import enter_by_hand as note_by_hand
from vmps.services.read_log import read_log, read_row
from vmps.services.retry import retry_writebacks
from vmps.services.schools import list_schools_of
from vmps.services.tell_story import tell_story
from vmps.tabs.logs_fixes import fix_link
from vmps.tabs.logs_query import LogQuery, chips
from vmps.web.access import ADMINS, allow, get_or_404
from vmps.web.clock import now
from vmps.web.formats import zone_name
from vmps.web.frame import banner_for
from vmps.web.gate import needs_connection
from vmps.web.htmx import is_poll, redirect_to, render, wants_fragment
from vmps.web.sessions import signed_in

bp = Blueprint("logs", __name__, url_prefix="/admin/powerschool/logs")

TITLE = "Writeback Logs"
DETAIL_TITLE = "Writeback"


@bp.get("/")
@allow(*ADMINS)
@needs_connection(TITLE)
def index() -> ResponseReturnValue:
    """List writebacks, newest first, narrowed by the filters."""
    user, filters = signed_in(), LogQuery.from_args(request.args)
    page = read_log(user, filters)
    if filters.mistakes:
        page = replace(page, rows=(), older=None)
    state = _digest(page.rows, page.older is None, banner_for(user))
    if _is_known(state):
        return Response(status=204)
    return render(
        "logs/index.html",
        partial="logs/_table.html" if is_poll() else "logs/_panel.html",
        title=TITLE,
        status=422 if filters.mistakes else 200,
        page=page,
        filters=filters,
        chips=chips(filters, page.schools),
        state=state,
        **_looks(page.schools),
    )


@bp.get("/<int:writeback_id>")
@allow(*ADMINS)
@needs_connection(TITLE)
def show(writeback_id: int) -> ResponseReturnValue:
    """Show one writeback: its event, where it stands, every attempt."""
    user = signed_in()
    story = tell_story(user, writeback_id, now=now())
    state = _digest(story, banner_for(user))
    if _is_known(state):
        return Response(status=204)
    return render(
        "logs/show.html",
        partial="logs/_story.html",
        title=DETAIL_TITLE,
        story=story,
        fix=fix_link(story.row.cause, user, story.row.school_id),
        back=LogQuery.from_args(request.args).args(),
        state=state,
    )


@bp.get("/<int:writeback_id>/row")
@allow(*ADMINS)
@needs_connection(TITLE)
def show_row(writeback_id: int) -> ResponseReturnValue:
    """Show one row of the list, as it stands now; without htmx the list."""
    user, filters = signed_in(), LogQuery.from_args(request.args)
    found = read_row(user, writeback_id)
    if not wants_fragment():
        return redirect_to(url_for(".index", **_query(filters)))
    return render(
        "logs/index.html",
        partial="logs/_row.html",
        title=TITLE,
        row=found,
        filters=filters,
        is_alone=True,
        **_looks(list_schools_of(user)),
    )


@bp.post("/<int:writeback_id>/retry")
@allow(*ADMINS)
@needs_connection(TITLE)
def retry(writeback_id: int) -> ResponseReturnValue:
    """Send this writeback again now."""
    user = signed_in()
    get_or_404(Writeback.visible_to(user), writeback_id)
    retry_writebacks(
        [writeback_id],
        actor=actor_of(user),
        now=now(),
        knows_by_hand="knows_by_hand" in request.form,
    )
    flash("It is tried again now.")
    endpoint = ".show_row" if "row" in request.args else ".show"
    query = _query(LogQuery.from_args(request.args))
    return redirect_to(url_for(endpoint, writeback_id=writeback_id, **query))


@bp.post("/<int:writeback_id>/entered-by-hand")
@allow(*ADMINS)
@needs_connection(TITLE)
def enter_by_hand(writeback_id: int) -> ResponseReturnValue:
    """Note that a person entered this in PowerSchool."""
    user = signed_in()
    get_or_404(Writeback.visible_to(user), writeback_id)
    warning = note_by_hand(writeback_id, actor=actor_of(user), now=now())
    flash(f"Noted: it was entered in PowerSchool by hand. {warning}".strip())
    query = _query(LogQuery.from_args(request.args))
    return redirect_to(url_for(".show", writeback_id=writeback_id, **query))


@bp.get("/<int:writeback_id>/retry")
@bp.get("/<int:writeback_id>/entered-by-hand")
@allow(*ADMINS)
def go_back(writeback_id: int) -> ResponseReturnValue:
    """Go to the writeback: a button's address was opened as if it were a page."""
    get_or_404(Writeback.visible_to(signed_in()), writeback_id)
    query = _query(LogQuery.from_args(request.args))
    return redirect_to(url_for(".show", writeback_id=writeback_id, **query))


def _query(filters: LogQuery) -> dict[str, Any]:
    return dict(filters.args())


def _looks(schools: Sequence[School]) -> dict[str, Any]:
    """Return what all rows share: one zone is named once, one school never."""
    zones = {school.zone for school in schools}
    return {
        "shared_zone": zone_name(zones.pop()) if len(zones) == 1 else "",
        "names_school": len(schools) > 1,
    }


def _digest(*shown: object) -> str:
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _is_known(state: str) -> bool:
    """Tell whether the page asks by itself and shows this already."""
    return is_poll() and request.args.get("seen") == state
