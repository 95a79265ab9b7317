"""Restoring an event: its void is taken back, and PowerSchool follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vmps.db import locked, transaction
from vmps.models import EventType, Student, StudentEvent
from vmps.services.change_event import change_event, lock_event, why_too_old
from vmps.services.problems import Problem
from vmps.words import say_time


def restore_event(
    event_id: int, *, actor: str, now: datetime, seen: str | None = None
) -> None:
    """Take the event's void back: it counts again, and is written again.

    What a person entered by hand before the void is still that person's.
    """
    with transaction():
        row = lock_event(event_id, seen=seen)
        # A kiosk that reports the student meanwhile waits, and sees this one again.
        locked(Student.select().where(Student.id == row.student_id)).execute()
        if problem := why_not_restored(row, now):
            raise Problem(problem)
        changes = {"voided_at": None}
        change_event(row, changes, action="event.restored", actor=actor, now=now)


def why_not_restored(row: Any, now: datetime) -> str:
    """Return why the event's void cannot be taken back, or nothing."""
    if row.event.voided_at is None:
        return f"Event {row.event_id} is not void; nothing was changed."
    return why_too_old(row, now) or _why_doubled(row)


def _why_doubled(row: Any) -> str:
    """Say which event says the same: two of a type in a row are never accepted.

    As for a kiosk's report, a day's events are the student's at all schools.
    """
    event = row.event
    others = StudentEvent.select().where(
        StudentEvent.student == event.student_id,
        StudentEvent.school_day == event.school_day,
        StudentEvent.voided_at.is_null(),
    )
    place = (event.occurred_at, event.id)
    placed = sorted(((one.occurred_at, one.id), one) for one in others)
    before = [one for at, one in placed if at < place][-1:]
    after = [one for at, one in placed if at > place][:1]
    same = next((o for o in (*after, *before) if o.type == event.type), None)
    if same is None:
        return ""
    at = say_time(same.occurred_at.astimezone(row.school.zone))
    kind = EventType(event.type).label
    if same.school != row.school:  # who asks may not see that one
        return (
            f"Another {kind} of the student is recorded at another school that day:"
            " restored, this one would double it. Nothing was changed. Ask a District"
            " Admin which one is right."
        )
    return (
        f"Another {kind} of the student is recorded at {at}: restored, this one would"
        " double it. Nothing was changed. If this one is right, void that one first."
    )
