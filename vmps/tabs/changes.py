"""Changes: an event is voided, restored or corrected, each after a look ahead."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import Writeback
from vmps.services.actors import actor_of
from vmps.services.ask_change import (
    Asked,
    ask_correction,
    ask_restore,
    ask_void,
    preview_correction,
)
from vmps.services.correct import correct_event
from vmps.services.problems import Problem
from vmps.services.restore import restore_event
from vmps.services.void import void_event
from vmps.tabs.changes_form import CorrectionForm
from vmps.tabs.logs_query import LogQuery
from vmps.web.access import ADMINS, allow, get_or_404
from vmps.web.clock import now
from vmps.web.gate import needs_connection
from vmps.web.htmx import redirect_to, render
from vmps.web.sessions import signed_in

bp = Blueprint("changes", __name__, url_prefix="/admin/powerschool/changes")

VOID_TITLE = "Void an event"
RESTORE_TITLE = "Restore an event"
CORRECT_TITLE = "Correct an event"


@bp.get("/<int:writeback_id>/void")
@allow(*ADMINS)
@needs_connection(VOID_TITLE)
def show_void(writeback_id: int) -> ResponseReturnValue:
    """Say what voiding this event would do, and ask."""
    asked = ask_void(_event_of(writeback_id), now=now())
    return render(
        "changes/void.html",
        partial="changes/_void.html",
        title=VOID_TITLE,
        asked=asked,
        **_addresses(writeback_id),
    )


@bp.post("/<int:writeback_id>/void")
@allow(*ADMINS)
@needs_connection(VOID_TITLE)
def void(writeback_id: int) -> ResponseReturnValue:
    """Void this event."""
    actor, seen = actor_of(signed_in()), request.form.get("seen", "")
    void_event(_event_of(writeback_id), actor=actor, now=now(), seen=seen)
    flash("The event is void.")
    return redirect_to(_addresses(writeback_id)["back_url"])


@bp.get("/<int:writeback_id>/restore")
@allow(*ADMINS)
@needs_connection(RESTORE_TITLE)
def show_restore(writeback_id: int) -> ResponseReturnValue:
    """Say what taking this event's void back would do, and ask."""
    asked = ask_restore(_event_of(writeback_id), now=now())
    return render(
        "changes/restore.html",
        partial="changes/_restore.html",
        title=RESTORE_TITLE,
        asked=asked,
        **_addresses(writeback_id),
    )


@bp.post("/<int:writeback_id>/restore")
@allow(*ADMINS)
@needs_connection(RESTORE_TITLE)
def restore(writeback_id: int) -> ResponseReturnValue:
    """Take this event's void back."""
    actor, seen = actor_of(signed_in()), request.form.get("seen", "")
    restore_event(_event_of(writeback_id), actor=actor, now=now(), seen=seen)
    flash("The event is restored.")
    return redirect_to(_addresses(writeback_id)["back_url"])


@bp.get("/<int:writeback_id>/correct")
@allow(*ADMINS)
@needs_connection(CORRECT_TITLE)
def edit(writeback_id: int) -> ResponseReturnValue:
    """Show time and reason of this event to be corrected."""
    asked = ask_correction(_event_of(writeback_id), now=now())
    return _form(writeback_id, asked, CorrectionForm.about(asked))


@bp.post("/<int:writeback_id>/correct/preview")
@allow(*ADMINS)
@needs_connection(CORRECT_TITLE)
def preview(writeback_id: int) -> ResponseReturnValue:
    """Say what this correction would do; nothing is saved yet."""
    event_id = _event_of(writeback_id)
    asked = ask_correction(event_id, now=now())
    form = CorrectionForm.about(asked, request.form)
    try:
        foreseen = preview_correction(event_id, **form.wanted(asked), now=now())
    except Problem as problem:
        form.blame(problem, asked)
        return _form(writeback_id, asked, form)
    return _form(writeback_id, asked, form, foreseen)


@bp.post("/<int:writeback_id>/correct")
@allow(*ADMINS)
@needs_connection(CORRECT_TITLE)
def correct(writeback_id: int) -> ResponseReturnValue:
    """Correct this event."""
    actor, event_id = actor_of(signed_in()), _event_of(writeback_id)
    asked = ask_correction(event_id, now=now())
    form = CorrectionForm.about(asked, request.form)
    seen = form.seen.data or ""
    try:
        wanted = form.wanted(asked)
        correct_event(event_id, **wanted, actor=actor, now=now(), seen=seen)
    except Problem as problem:
        form.blame(problem, asked)
        return _form(writeback_id, asked, form)
    flash("The event is corrected.")
    return redirect_to(_addresses(writeback_id)["back_url"])


@bp.get("/<int:writeback_id>/correct/preview")
@allow(*ADMINS)
def go_back(writeback_id: int) -> ResponseReturnValue:
    """Go to the form: a button's address was opened as if it were a page."""
    _event_of(writeback_id)
    return redirect_to(_addresses(writeback_id)["edit_url"])


def _event_of(writeback_id: int) -> int:
    row = get_or_404(Writeback.visible_to(signed_in()), writeback_id)
    return int(row.event.id)


def _form(
    writeback_id: int,
    asked: Asked,
    form: CorrectionForm,
    foreseen: tuple[str, ...] = (),
) -> ResponseReturnValue:
    return render(
        "changes/correct.html",
        partial="changes/_correct.html",
        title=CORRECT_TITLE,
        status=422 if form.errors else 200,
        asked=asked,
        form=form,
        foreseen=foreseen,
        **_addresses(writeback_id),
    )


def _addresses(writeback_id: int) -> dict[str, Any]:
    """Return where the pages lead, with the filters of the log that one came from."""
    query: dict[str, Any] = dict(LogQuery.from_args(request.args).args())
    places = {
        "back_url": "logs.show",
        "void_url": ".void",
        "restore_url": ".restore",
        "edit_url": ".edit",
        "preview_url": ".preview",
        "correct_url": ".correct",
    }
    return {
        name: url_for(endpoint, writeback_id=writeback_id, **query)
        for name, endpoint in places.items()
    }
