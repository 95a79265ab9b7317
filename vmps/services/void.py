"""Voiding an event: it counts no more, and PowerSchool is brought in line."""

from __future__ import annotations

from datetime import datetime

from vmps.db import transaction
from vmps.services.change_event import change_event, hold_event


def void_event(
    event_id: int, *, actor: str, now: datetime, seen: str | None = None
) -> None:
    """Void the event; its writeback takes back what was written for it.

    What a person entered by hand is that person's to undo.
    """
    with transaction():
        row = hold_event(event_id, seen=seen, now=now)
        changes = {"voided_at": now}
        change_event(row, changes, action="event.voided", actor=actor, now=now)
