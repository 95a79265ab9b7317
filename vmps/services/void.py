"""Voiding an event: it counts no more, and PowerSchool is brought in line."""

from __future__ import annotations

from datetime import datetime

from vmps.db import transaction
from vmps.models import AuditEntry, StudentEvent, Writeback
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import requeue


def void_event(event_id: int, *, actor: str, now: datetime) -> None:
    """Void the event; its writeback takes back what was written for it.

    The plan reads all events of the student's day, so its others follow by themselves.
    """
    with transaction():
        event = StudentEvent.get_or_none(StudentEvent.id == event_id)
        if event is None:
            raise Missing(f"There is no event {event_id}.")
        changed = (
            StudentEvent.update(voided_at=now)
            .where(StudentEvent.id == event_id, StudentEvent.voided_at.is_null())
            .execute()
        )
        if not changed:
            raise Problem(f"Event {event_id} is void already; nothing was changed.")
        district_id = event.district.id
        requeue(district_id, Writeback.event == event_id, now=now)
        AuditEntry.note(
            "event.voided", actor=actor, district=district_id, event=event_id
        )
