"""Who came late this morning and who left early: the events of one rush."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle

from peewee import JOIN, fn

from vmps.db import tuples
from vmps.demo.districts import REASONS
from vmps.demo.folder import DemoError
from vmps.demo.school_days import EARLY_HOURS, LATE_HOURS
from vmps.models import (
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

#: So much of a school day is over before there is something to report.
LEAST = timedelta(minutes=5)

_NOWHERE = (
    "No school is enabled with an attendance mode: set one up, then send the rush."
)


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
    """What one rush sends of a school day; the odd ones after everything else."""

    day: date
    check_ins: list[KioskEvent]
    check_outs: list[KioskEvent]
    odd: list[KioskEvent]


def plan_morning(district: District, now: datetime) -> Morning:
    """Return events of students who have none that day, as long as there are such.

    `now` is of the district's clock. The odd ones: one sent twice, a student who is
    late twice, and a stranger.
    """
    opens, until = school_hours(now)
    waiting = _untouched_first(district, opens.date())
    if not waiting:
        raise DemoError(_NOWHERE)
    students = cycle(waiting)
    late_until = min(until, _at(opens, LATE_HOURS[1]))
    early_from = min(_at(opens, EARLY_HOURS[0]), until - LEAST)
    late = _events(LATE, students, _moments(opens, late_until, CHECK_INS))
    early = _events(EARLY, students, _moments(early_from, until, CHECK_OUTS))
    again = replace(late[1], id=_new_id())
    stranger = replace(late[2], id=_new_id(), student_id="nobody")
    return Morning(opens.date(), late, early, [late[0], again, stranger])


def school_hours(now: datetime) -> tuple[datetime, datetime]:
    """Return the hours to report of: today's so far, or yesterday's before school."""
    opens = _at(now, LATE_HOURS[0])
    if now < opens + LEAST:
        opens = _at(now - timedelta(days=1), LATE_HOURS[0])
    return opens, min(now, _at(opens, EARLY_HOURS[1]))


def _at(moment: datetime, clock: time) -> datetime:
    """Return that time of the day, by the same zone's clock."""
    return datetime.combine(moment.date(), clock, moment.tzinfo)


def _moments(first: datetime, last: datetime, count: int) -> Iterator[datetime]:
    """Yield moments with as much time between each two, the last one left out."""
    step = (last - first) / count
    return (first + place * step for place in range(count))


def _events(
    kind: str, students: Iterator[tuple[str, str]], moments: Iterator[datetime]
) -> list[KioskEvent]:
    reasons = cycle(REASONS[EventType(kind.removeprefix("student."))])
    return [
        _event(kind, moment, next(students), reason)
        for moment, reason in zip(moments, reasons, strict=False)
    ]


def _event(
    kind: str, moment: datetime, student: tuple[str, str], reason: str
) -> KioskEvent:
    timestamp = moment.isoformat(timespec="seconds")
    return KioskEvent(_new_id(), kind, timestamp, *student, reason)


def _new_id() -> str:
    return f"evt_{uuid.uuid4().hex}"


def _untouched_first(district: District, day: date) -> list[tuple[str, str]]:
    """Return (SIS ID, school number) of students, those without events then first.

    Only of schools that write at once, and nobody with a failed writeback: something
    has to be mended there first.
    """
    is_then = (StudentEvent.student == Student.id) & (StudentEvent.school_day == day)
    failed = Writeback.select(Writeback.student).where(
        Writeback.district == district, Writeback.status == Status.FAILED
    )
    rows = tuples(
        Student.select(Student.sis_id, School.number)
        .join_from(Student, School)
        .join_from(Student, StudentEvent, JOIN.LEFT_OUTER, on=is_then)
        .where(
            School.district == district,
            School.is_enabled,
            School.mode.is_null(False),
            Student.id.not_in(failed),
        )
        .group_by(Student.id, Student.sis_id, School.number)
        .order_by(fn.COUNT(StudentEvent.id), Student.id)
    )
    return [(row[0], row[1]) for row in rows]
