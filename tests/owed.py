"""A school's writebacks in any state, without a kiosk's request."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.cast import NOW
from vmps.models import Kiosk, School, Student, StudentEvent, Writeback

_numbers = count(1)


def owe(
    school: School, *, now: datetime = NOW, days_ago: int = 0, **columns: Any
) -> int:
    """Store one event of the school with its writeback; return the writeback's id.

    `voided_at` is the event's, all other columns are the writeback's.
    """
    number = next(_numbers)
    at = now - timedelta(days=days_ago)
    place = {"district": school.district_id, "school": school.id}
    student = Student.create(
        **place, sis_id=f"S{number}", first_name="Ann", last_name=f"Lee{number}"
    )
    day = at.astimezone(school.zone).date()
    event = StudentEvent.create(
        **place,
        student=student,
        kiosk=_kiosk(school),
        external_id=f"event-{number}",
        fingerprint="",
        type="late_check_in",
        occurred_at=at,
        school_day=day,
        first_name=student.first_name,
        last_name=student.last_name,
        grade="7",
        accepted_at=at,
        voided_at=columns.pop("voided_at", None),
    )
    given = {"due_at": at, "give_up_at": at + timedelta(hours=72)} | columns
    row = Writeback.create(
        event=event, student=student, school_day=day, **place, **given
    )
    return int(row.id)


def _kiosk(school: School) -> Kiosk:
    given = {"name": "Front desk", "id_kind": "sis_id", "secret_token": ""}
    kiosk, _ = Kiosk.get_or_create(
        district=school.district_id,
        defaults=given | {"public_id": f"ksk_{school.district_id}"},
    )
    return kiosk


def status_of(writeback_id: int) -> tuple[str, str | None]:
    """Return how it stands now, and why."""
    row = Writeback.get_by_id(writeback_id)
    return row.status, row.cause
