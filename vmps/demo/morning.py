"""Who comes late this morning and who leaves early: the events of one rush."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import cycle

from peewee import JOIN, fn

from vmps.db import tuples
from vmps.demo.oakwood import EARLY_REASONS, LATE_REASONS
from vmps.models import School, Student, StudentEvent

CHECK_INS = 300
CHECK_OUTS = 60

LATE = "student.late_check_in"
EARLY = "student.early_check_out"


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


def plan_morning(now: datetime) -> Morning:
    """Return events of students who have none yet, as long as there are such.

    The odd ones: one sent twice, a student who is late twice, and a stranger.
    """
    students = cycle(_untouched_first())
    late = [
        _event(LATE, now, next(students), reason)
        for reason, _ in zip(cycle(LATE_REASONS), range(CHECK_INS), strict=False)
    ]
    early = [
        _event(EARLY, now, next(students), reason)
        for reason, _ in zip(cycle(EARLY_REASONS), range(CHECK_OUTS), strict=False)
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


def _untouched_first() -> list[tuple[str, str]]:
    """Return (SIS ID, school number) of every student, those without events first."""
    rows = tuples(
        Student.select(Student.sis_id, School.number, fn.COUNT(StudentEvent.id))
        .join_from(Student, School)
        .join_from(Student, StudentEvent, JOIN.LEFT_OUTER)
        .group_by(Student.id, Student.sis_id, School.number)
        .order_by(fn.COUNT(StudentEvent.id), Student.id)
    )
    return [(row[0], row[1]) for row in rows]
