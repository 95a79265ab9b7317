"""Who comes late this morning and who leaves early: the events of one rush."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import cycle

from peewee import JOIN, fn

from vmps.db import tuples
from vmps.demo.districts import REASONS
from vmps.demo.folder import DemoError
from vmps.models import (
    AttendanceMode,
    District,
    EventType,
    School,
    Status,
    Student,
    StudentEvent,
    Writeback,
)

CHECK_INS = 300
CHECK_OUTS = 60

LATE = "student.late_check_in"
EARLY = "student.early_check_out"

_NOWHERE = "No school is enabled in Daily mode: set one up, then send the rush."


@dataclass(frozen=True)
class KioskEvent:
    """One event as the webhook takes it."""

    id: str
    type: str
    timestamp: str
    student_id: str
    school_number: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """Return the event's body, without its id."""
        data = {
            "student_id": self.student_id,
            "school_number": self.school_number,
            "reason": self.reason,
        }
        return {"type": self.type, "timestamp": self.timestamp, "data": data}


@dataclass(frozen=True)
class Morning:
    """What one rush sends; the odd ones after everything else."""

    check_ins: list[KioskEvent]
    check_outs: list[KioskEvent]
    odd: list[KioskEvent]


def plan_morning(district: District, now: datetime) -> Morning:
    """Return events of students who have none today, as long as there are such.

    The odd ones: one sent twice, a student who is late twice, and a stranger.
    """
    waiting = _untouched_first(district, now)
    if not waiting:
        raise DemoError(_NOWHERE)
    students = cycle(waiting)
    late = [
        _event(LATE, now, next(students), reason)
        for reason, _ in zip(
            cycle(REASONS[EventType.LATE_CHECK_IN]), range(CHECK_INS), strict=False
        )
    ]
    early = [
        _event(EARLY, now, next(students), reason)
        for reason, _ in zip(
            cycle(REASONS[EventType.EARLY_CHECK_OUT]), range(CHECK_OUTS), strict=False
        )
    ]
    again = replace(late[1], id=_new_id())
    stranger = replace(late[2], id=_new_id(), student_id="nobody")
    return Morning(late, early, [late[0], again, stranger])


def _event(
    kind: str, now: datetime, student: tuple[str, str], reason: str
) -> KioskEvent:
    moment = now.isoformat(timespec="seconds")
    return KioskEvent(_new_id(), kind, moment, *student, reason)


def _new_id() -> str:
    return f"evt_{uuid.uuid4().hex}"


def _untouched_first(district: District, now: datetime) -> list[tuple[str, str]]:
    """Return (SIS ID, school number) of students, those without events today first.

    Only of schools that write at once, and nobody with a failed writeback: something
    has to be mended there first.
    """
    is_today = (StudentEvent.student == Student.id) & (
        StudentEvent.school_day == now.date()
    )
    failed = Writeback.select(Writeback.student).where(
        Writeback.district == district, Writeback.status == Status.FAILED
    )
    rows = tuples(
        Student.select(Student.sis_id, School.number)
        .join_from(Student, School)
        .join_from(Student, StudentEvent, JOIN.LEFT_OUTER, on=is_today)
        .where(
            School.district == district,
            School.is_enabled,
            School.mode == AttendanceMode.DAILY,
            Student.id.not_in(failed),
        )
        .group_by(Student.id, Student.sis_id, School.number)
        .order_by(fn.COUNT(StudentEvent.id), Student.id)
    )
    return [(row[0], row[1]) for row in rows]
