"""Correcting an event's time or reason: PowerSchool follows, what it said is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from vmps.db import transaction
from vmps.models import EventType, School, StudentEvent, label_key
from vmps.services.change_event import change_event, hold_event
from vmps.services.offer_reasons import offer_reasons
from vmps.services.parse_events import MOST_AHEAD
from vmps.services.problems import Invalid, Problem
from vmps.words import say_time

#: The names of what can be wrong, as forms use them.
TIME, REASON = "time", "reason"


def correct_event(
    event_id: int,
    *,
    occurred_at: datetime | None = None,
    reason: str | None = None,
    actor: str,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Give the event another time of its school day, another reason, or both.

    The kiosk's own report stays known: its repeat is a duplicate as before.
    """
    with transaction():
        row = hold_event(event_id, seen=seen, now=now)
        changes = check_changes(
            row.event, row.school, occurred_at=occurred_at, reason=reason, now=now
        )
        change_event(row, changes, action="event.corrected", actor=actor, now=now)


def check_changes(
    event: StudentEvent,
    school: School,
    *,
    occurred_at: datetime | None,
    reason: str | None,
    now: datetime,
) -> dict[str, Any]:
    """Return what would be another, or refuse what cannot be."""
    changes: dict[str, Any] = {}
    if occurred_at is not None and occurred_at != event.occurred_at:
        _check_moment(event, school.zone, occurred_at, now)
        changes["occurred_at"] = occurred_at
    if reason is not None and label_key(reason) != label_key(event.reason):
        changes["reason"] = _find_reason(school, EventType(event.type), reason)
    if not changes:
        raise Problem("Nothing would change: give another time or another reason.")
    return changes


def moment_at(day: date, clock: time, zone: ZoneInfo, *, like: datetime) -> datetime:
    """Return the moment of the school's clock on a day; refuse a skipped one.

    Of an hour that comes twice the first is meant, unless `like` is in the second.
    """
    fold = like.astimezone(zone).fold
    local = datetime.combine(day, clock, zone).replace(fold=fold)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        text = f"There was no {say_time(local)} on that day: the clocks went forward."
        raise Invalid({TIME: text})
    return moment


def _check_moment(
    event: StudentEvent, zone: ZoneInfo, occurred_at: datetime, now: datetime
) -> None:
    if occurred_at.astimezone(zone).date() != event.school_day:
        raise Invalid(
            {TIME: "The time must be on the same school day. Void the event instead."}
        )
    if occurred_at > now + MOST_AHEAD:
        raise Invalid({TIME: "That time is still to come: give the one it happened."})


def _find_reason(school: School, kind: EventType, label: str) -> str:
    wanted = label_key(label)
    for offered in offer_reasons(school, kind):
        if label_key(offered) == wanted:
            return offered
    raise Invalid({REASON: "Choose one of the school's reasons."})
