"""What a page shows before an event is voided, restored or corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vmps.models import EventType
from vmps.services.change_event import find_owed, state_of, why_not_changed
from vmps.services.correct import check_changes
from vmps.services.foresee import foresee_correction, foresee_restore, foresee_void
from vmps.services.offer_reasons import offer_codes
from vmps.services.problems import Problem
from vmps.services.restore import why_not_restored


@dataclass(frozen=True, slots=True)
class Asked:
    """The event as it is now; `seen` goes back with the form."""

    event_id: int
    type: EventType
    student: str
    school: str
    zone: ZoneInfo
    school_day: date
    occurred_at: datetime
    reason: str
    seen: str
    #: What will happen, a sentence each.
    foreseen: tuple[str, ...] = ()
    #: The reasons it can be given, and the attendance code of each, if any.
    offered: tuple[tuple[str, str | None], ...] = ()

    @property
    def has_clock_change(self) -> bool:
        """Tell whether the school's clocks go back that day: an hour comes twice."""
        begin = datetime.combine(self.school_day, datetime.min.time(), self.zone)
        end = begin + timedelta(days=1)
        return (end.utcoffset() or timedelta()) < (begin.utcoffset() or timedelta())


def ask_void(event_id: int, *, now: datetime) -> Asked:
    """Return what voiding the event would do, or refuse it."""
    row = _changeable(event_id, now)
    return _asked(row, foreseen=tuple(foresee_void(row)))


def ask_restore(event_id: int, *, now: datetime) -> Asked:
    """Return what taking the event's void back would do, or refuse it."""
    row = find_owed(event_id)
    if problem := why_not_restored(row, now):
        raise Problem(problem)
    return _asked(row, foreseen=tuple(foresee_restore(row)))


def ask_correction(event_id: int, *, now: datetime) -> Asked:
    """Return the event with the reasons that it can be given, or refuse it."""
    row = _changeable(event_id, now)
    offered = tuple(offer_codes(row.school, EventType(row.event.type)).items())
    return _asked(row, offered=offered)


def preview_correction(
    event_id: int,
    *,
    occurred_at: datetime | None,
    reason: str | None,
    now: datetime,
) -> tuple[str, ...]:
    """Return what such a correction would do, a sentence each, or refuse it."""
    row = _changeable(event_id, now)
    changes = check_changes(
        row.event, row.school, occurred_at=occurred_at, reason=reason, now=now
    )
    return tuple(foresee_correction(row, changes))


def _changeable(event_id: int, now: datetime) -> Any:
    row = find_owed(event_id)
    if problem := why_not_changed(row, now):
        raise Problem(problem)
    return row


def _asked(row: Any, **more: Any) -> Asked:
    event, school = row.event, row.school
    return Asked(
        event_id=event.id,
        type=EventType(event.type),
        student=f"{event.first_name} {event.last_name}".strip(),
        school=school.name,
        zone=school.zone,
        school_day=event.school_day,
        occurred_at=event.occurred_at,
        reason=event.reason,
        seen=state_of(row),
        **more,
    )
