"""Counting students' late check-ins in the school year against the threshold."""

# Of the students who are at the school now, over the index by student: a year of events
# of a large district is never walked through.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from peewee import chunked, fn

from vmps.db import tuples
from vmps.models import EventType, School, Student, StudentEvent
from vmps.services.school_years import first_day, name_year, year_at
from vmps.services.tardies import TardySettings
from vmps.words import say_time

PAGE_SIZE = 50
_AT_ONCE = 500  # students of one statement


@dataclass(frozen=True, slots=True)
class Tardy:
    """One student with that many late check-ins at the school this year."""

    student: Student
    count: int
    last_day: date

    @property
    def name(self) -> str:
        """Return the student's name as the roster has it."""
        return f"{self.student.first_name} {self.student.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Tardies:
    """A page of the students at or above the threshold, most late first."""

    year: str
    total: int
    page: int
    rows: Sequence[Tardy]

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def count_tardies(school: School, *, page: int = 1, now: datetime) -> Tardies | None:
    """Return the students at or above the threshold; None where there is none.

    A check-in before the Late Check-in Time is no tardy.
    """
    settings, year_id = TardySettings.of(school), year_at(school, now)
    if settings.threshold is None:
        return None
    found = _reaching(school, settings, first_day(year_id))
    page = min(max(1, page), max(1, -(-len(found) // PAGE_SIZE)))
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    students = {
        student.id: student
        for student in Student.select().where(Student.id.in_([row[0] for row in shown]))
    }
    rows = [Tardy(students[key], count, last) for key, count, last in shown]
    return Tardies(name_year(year_id), len(found), page, rows)


def say_timing(school_id: int, kind: EventType, occurred_at: datetime) -> str:
    """Return that a check-in was before the Late Check-in Time, or nothing."""
    school = School.get_by_id(school_id)
    late_time = TardySettings.of(school).late_time
    if late_time is None or kind is not EventType.LATE_CHECK_IN:
        return ""
    if _is_late(occurred_at, school, late_time):
        return ""
    return f"before the Late Check-in Time, {say_time(late_time)}: no tardy"


def _is_late(occurred_at: datetime, school: School, late_time: time) -> bool:
    return occurred_at.astimezone(school.zone).time() >= late_time


def _reaching(
    school: School, settings: TardySettings, since: date
) -> list[tuple[int, int, date]]:
    """Return student, count and last day, the most late first."""
    ids = [row[0] for row in tuples(_students_of(school))]
    found: list[tuple[int, int, date]] = []
    for chunk in chunked(ids, _AT_ONCE):
        many = _many(school, chunk, settings.threshold or 1, since)
        found += _counted(school, many, settings, since)
    return sorted(found, key=lambda row: (-row[1], -row[2].toordinal(), row[0]))


def _students_of(school: School) -> Any:
    return Student.select(Student.id).where(Student.school == school.id)


def _late(school: School, student_ids: Sequence[int], since: date) -> tuple[Any, ...]:
    return (
        StudentEvent.student.in_(student_ids),
        StudentEvent.school_day >= since,
        StudentEvent.school == school.id,
        StudentEvent.type == EventType.LATE_CHECK_IN,
        StudentEvent.voided_at.is_null(),
    )


def _many(
    school: School, student_ids: Sequence[int], threshold: int, since: date
) -> list[int]:
    """Return those with enough check-ins whatever their times."""
    query = StudentEvent.select(StudentEvent.student).where(
        *_late(school, student_ids, since)
    )
    grouped = query.group_by(StudentEvent.student).having(
        fn.COUNT(StudentEvent.id) >= threshold
    )
    return [row[0] for row in tuples(grouped)]


def _counted(
    school: School, student_ids: Sequence[int], settings: TardySettings, since: date
) -> list[tuple[int, int, date]]:
    """Count those at or after the time; hours differ over the year, so not in SQL."""
    query = StudentEvent.select(
        StudentEvent.student, StudentEvent.occurred_at, StudentEvent.school_day
    ).where(*_late(school, student_ids, since))
    days: dict[int, list[date]] = {}
    for student_id, occurred_at, day in tuples(query) if student_ids else ():
        late = settings.late_time
        if late is None or _is_late(occurred_at, school, late):
            days.setdefault(student_id, []).append(day)
    threshold = settings.threshold or 1
    return [(s, len(d), max(d)) for s, d in days.items() if len(d) >= threshold]
