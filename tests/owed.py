"""Events of the cast with their writebacks in any state, without a kiosk's request."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.cast import NOW
from vmps.models import (
    Attempt,
    Kiosk,
    Outcome,
    School,
    Student,
    StudentEvent,
    Writeback,
)

_numbers = count(1)

#: What belongs to the event; everything else is the writeback's.
_OF_EVENT = {
    "type", "first_name", "last_name", "grade", "reason", "note", "released_to",
    "accepted_at", "voided_at",
}  # fmt: skip


def owe(
    school: School, *, occurred_at: datetime = NOW, days_ago: int = 0, **given: Any
) -> Any:
    """Store an event of the school and what is owed for it; return the writeback."""
    at = occurred_at - timedelta(days=days_ago)
    student = given.pop("student", None) or enroll(
        school, ps_id=given.pop("ps_id", None)
    )
    of_event = {name: given.pop(name) for name in _OF_EVENT & given.keys()}
    day = given.pop("day", at.astimezone(school.zone).date())
    place = {"district": school.district_id, "school": school, "student": student}
    event = StudentEvent.create(
        **place,
        kiosk=kiosk_of(school),
        external_id=f"event-{next(_numbers)}",
        fingerprint="",
        occurred_at=at,
        school_day=day,
        **_event_defaults(at) | of_event,
    )
    due = {"due_at": at, "give_up_at": at + timedelta(hours=72)} | given
    return Writeback.create(event=event, **place, school_day=day, **due)


def _event_defaults(at: datetime) -> dict[str, Any]:
    return {
        "type": "late_check_in",
        "first_name": "Maria",
        "last_name": "Lopez",
        "grade": "9",
        "reason": "Bus late",
        "accepted_at": at,
    }


def enroll(school: School, **more: Any) -> Student:
    """Add a student of the roster."""
    number = next(_numbers)
    given = {
        "sis_id": str(900000 + number),
        "student_number": str(104000 + number),
        "first_name": "Maria",
        "last_name": "Lopez",
    }
    return Student.create(district=school.district_id, school=school, **given | more)


def kiosk_of(school: School) -> Kiosk:
    """Return the only kiosk of the school's district."""
    found = Kiosk.get_or_none(Kiosk.district == school.district_id)
    return found or Kiosk.create(
        district=school.district_id,
        public_id=f"ksk_{school.district_id}",
        name="Front desk",
        id_kind="sis_id",
        secret_token=Kiosk.seal("whsec_first"),
    )


def attempt(writeback: Any, **more: Any) -> Attempt:
    """Store an attempt that was written, half a second long."""
    given = {
        "fence": 1,
        "started_at": NOW,
        "finished_at": NOW.replace(microsecond=500_000),
        "outcome": Outcome.WRITTEN,
    }
    return Attempt.create(writeback=writeback, **given | more)


def status_of(writeback: Any) -> tuple[str, str | None]:
    """Return how it stands now, and why."""
    row = Writeback.get_by_id(writeback.id)
    return row.status, row.cause
