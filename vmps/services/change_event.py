"""What voids, restores and corrections share; the callers own the transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from vmps.models import (
    AttendanceMode,
    AuditEntry,
    Cause,
    EventChange,
    School,
    Status,
    StudentEvent,
    Writeback,
)
from vmps.services.lanes import lock_lane
from vmps.services.parse_events import OLDEST
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import plan_again, requeue


def find_owed(event_id: int) -> Any:
    """Return the event's writeback with event and school, or refuse."""
    found = (
        Writeback.select(Writeback, StudentEvent, School)
        .join_from(Writeback, StudentEvent, on=(Writeback.event == StudentEvent.id))
        .join_from(Writeback, School, on=(Writeback.school == School.id))
        .where(Writeback.event == event_id)
        .first()
    )
    if found is None:
        raise Missing(f"There is no event {event_id}.")
    return found


def state_of(row: Any) -> str:
    """Return what a form carries: it is another after every change that matters."""
    last = EventChange.select(fn.MAX(EventChange.id)).where(
        EventChange.event == row.event_id
    )
    by_hand = "-by-hand" if row.cause == Cause.ENTERED_BY_HAND else ""
    return f"{last.scalar() or 0}{by_hand}"


def hold_event(event_id: int, *, seen: str | None, now: datetime) -> Any:
    """Lock the event, and return what is owed; refuse what is not to be changed.

    `seen` is the state that the person saw; None asks nothing.
    """
    row = lock_event(event_id, seen=seen)
    if problem := why_not_changed(row, now):
        raise Problem(problem)
    return row


def lock_event(event_id: int, *, seen: str | None) -> Any:
    """Lock the event's lane, so that no drain begins anything; return what is owed."""
    lock_lane(find_owed(event_id).district_id)
    row = find_owed(event_id)
    if seen is not None and seen != state_of(row):
        raise Problem(
            "Somebody changed this event while you were here; nothing of yours was"
            " saved. Look at it again."
        )
    return row


def why_not_changed(row: Any, now: datetime) -> str:
    """Return why the event cannot be voided or corrected, or nothing."""
    if row.event.voided_at:
        return f"Event {row.event_id} is void already; nothing was changed."
    return why_too_old(row, now)


def why_too_old(row: Any, now: datetime) -> str:
    """Return that nobody changes the event any more, or nothing."""
    if row.event.occurred_at < now - OLDEST:
        return (
            f"Event {row.event_id} is more than {OLDEST.days} days old; nothing was"
            " changed. Correct PowerSchool by hand."
        )
    return ""


def change_event(
    row: Any, changes: dict[str, Any], *, action: str, actor: str, now: datetime
) -> None:
    """Change the event, keep what it said, and let PowerSchool follow."""
    event = row.event
    EventChange.create(
        event=event,
        at=now,
        actor=actor,
        is_void=bool(changes.get("voided_at")),
        was_occurred_at=event.occurred_at,
        was_reason=event.reason,
        was_voided_at=event.voided_at,
    )
    StudentEvent.update(changes).where(StudentEvent.id == event.id).execute()
    _follow(row, changes, now=now)
    AuditEntry.note(action, actor=actor, district=row.district_id, event=event.id)


def is_a_persons(row: Any) -> bool:
    """Tell whether a person put the event into PowerSchool: it is theirs to follow.

    One that a person took out there, after its void, stands there no more.
    """
    if row.cause != Cause.ENTERED_BY_HAND:
        return False
    voided_at = row.event.voided_at
    is_taken_out = voided_at and row.settled_at and row.settled_at >= voided_at
    return not is_taken_out


def _follow(row: Any, changes: dict[str, Any], *, now: datetime) -> None:
    """Queue what PowerSchool has to be told.

    The plan reads all events of the student's day, so its others follow by themselves.
    What was not sent, or entered by hand, still is not: the others that it bears on
    are queued instead.
    """
    is_corrected = "voided_at" not in changes
    if not is_a_persons(row) and (not is_corrected or row.status != Status.NOT_SENT):
        requeue(row.district_id, Writeback.event == row.event_id, now=now)
        return
    same_day = (
        (Writeback.student == row.student_id)
        & (Writeback.school == row.school_id)
        & (Writeback.school_day == row.school_day)
    )
    plan_again(row.district_id, same_day)
    is_restored = row.event.voided_at is not None
    follows_all = is_restored or row.school.attendance_mode in {
        AttendanceMode.TIME,
        AttendanceMode.MEETING,
    }
    if not (follows_all and row.school.is_enabled):
        same_day &= Writeback.covered_by == row.event_id
    is_done = Writeback.status == Status.SUCCESSFUL
    requeue(row.district_id, same_day, is_done, now=now)
