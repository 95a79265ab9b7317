"""The claimed work, loaded: one unit for each student, school and day.

Plain tuples instead of models: a storm loads thousands of rows at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from vmps.db import transaction, tuples
from vmps.models import (
    Attempt,
    AttendanceMode,
    Cause,
    District,
    EventType,
    Outcome,
    Reason,
    School,
    Student,
    StudentEvent,
    Writeback,
)
from vmps.services.identity import Enrollment, Person
from vmps.services.plan import DayEvent, Rules

_CHUNK = 2000  # parameters in one IN (…)

#: Outcomes after which our code may stand in PowerSchool.
_MAYBE_WRITTEN = (Outcome.WRITTEN, Outcome.AMBIGUOUS, Outcome.STARTED)


@dataclass(frozen=True, slots=True)
class SchoolView:
    """What a drain needs of a school."""

    id: int
    number: str
    mode: AttendanceMode | None
    is_enabled: bool
    rules: Rules


@dataclass(frozen=True, slots=True)
class StudentView:
    """What a drain needs of a student; `enrollment` None until resolved."""

    id: int
    sis_id: str
    person: Person
    ps_id: int | None
    enrollment: Enrollment | None
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One claimed writeback of a unit."""

    writeback_id: int
    event_id: int
    revision: int
    tries: int
    give_up_at: datetime | None


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A student's day at one school: what is planned, written and read as one."""

    school: SchoolView
    student: StudentView
    day: date
    events: tuple[DayEvent, ...]
    claims: tuple[Claim, ...]
    our_codes: frozenset[str]
    is_ambiguous: bool

    @property
    def school_day(self) -> tuple[int, date]:
        """Return what units share their codes, calendar and bulk reads by."""
        return self.school.id, self.day


def load_units(
    district_id: int, claimed: Sequence[int], *, fence: int, now: datetime
) -> list[Unit]:
    """Return the units of the claimed writebacks; close what dead drains began."""
    _close_interrupted(claimed, fence, now)
    rows = list(_day_rows(claimed))
    schools = _schools(district_id, {row[0] for row in rows})
    students = _students({row[1] for row in rows})
    codes = _reason_codes(schools)
    ours = _our_codes({row[1] for row in rows}, days={row[2] for row in rows})
    held = set(claimed)
    grouped: dict[tuple[int, int, date], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[row[0], row[1], row[2]].append(row)
    return [
        Unit(
            school=schools[school_id],
            student=students[student_id],
            day=day,
            events=tuple(_event(row, codes) for row in group),
            claims=tuple(_claim(row) for row in group if row[9] in held),
            our_codes=frozenset(ours.get((school_id, student_id, day), ())),
            is_ambiguous=any(row[12] for row in group),
        )
        for (school_id, student_id, day), group in grouped.items()
    ]


def _chunked(values: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _close_interrupted(claimed: Sequence[int], fence: int, now: datetime) -> None:
    """An attempt that began under an older fence and never ended is ambiguous."""
    for chunk in _chunked(claimed):
        dead = Attempt.select(Attempt.writeback).where(
            Attempt.writeback.in_(chunk),
            Attempt.outcome == Outcome.STARTED,
            Attempt.fence < fence,
        )
        if not dead.exists():
            continue
        with transaction():
            found = [row[0] for row in tuples(dead)]
            (
                Writeback.update(is_ambiguous=True, tries=Writeback.tries + 1)
                .where(Writeback.id.in_(found))
                .execute()
            )
            (
                Attempt.update(
                    outcome=Outcome.AMBIGUOUS, cause=Cause.INTERRUPTED, finished_at=now
                )
                .where(
                    Attempt.writeback.in_(found),
                    Attempt.outcome == Outcome.STARTED,
                    Attempt.fence < fence,
                )
                .execute()
            )


def _day_rows(claimed: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """Yield every event of the claimed students' days, claimed itself or not."""
    mine = Writeback.alias()
    event, owed = StudentEvent, Writeback
    for chunk in _chunked(claimed):
        yield from tuples(
            event.select(
                event.school,
                event.student,
                event.school_day,
                event.id,
                event.type,
                event.occurred_at,
                event.reason,
                event.voided_at,
                owed.status,
                owed.id,
                owed.revision,
                owed.tries,
                owed.is_ambiguous,
                owed.give_up_at,
            )
            .join(owed, on=(owed.event == event.id))
            .where(
                fn.EXISTS(
                    mine.select(mine.id).where(
                        mine.id.in_(chunk),
                        mine.student == event.student,
                        mine.school_day == event.school_day,
                        mine.school == event.school,
                    )
                )
            )
            .order_by(event.id)
        )


def _event(row: tuple[Any, ...], codes: dict[tuple[int, str, str], str]) -> DayEvent:
    return DayEvent(
        id=row[3],
        type=EventType(row[4]),
        occurred_at=row[5],
        reason=row[6],
        code=codes.get((row[0], row[4], row[6].strip().casefold())),
        is_void=row[7] is not None,
    )


def _claim(row: tuple[Any, ...]) -> Claim:
    return Claim(
        writeback_id=row[9],
        event_id=row[3],
        revision=row[10],
        tries=row[11],
        give_up_at=row[13],
    )


def _schools(district_id: int, ids: set[int]) -> dict[int, SchoolView]:
    home = District.get_by_id(district_id)
    query = School.select().where(School.id.in_(list(ids)))
    return {
        school.id: SchoolView(
            id=school.id,
            number=school.number,
            mode=school.attendance_mode,
            is_enabled=school.is_enabled,
            rules=Rules(
                zone=ZoneInfo(school.timezone or home.timezone),
                replaceable=school.replaceable,
                protected=school.protected,
                keeps_first=school.keeps_first_code,
            ),
        )
        for school in query
    }


def _students(ids: set[int]) -> dict[int, StudentView]:
    found = {}
    for chunk in _chunked(ids):
        rows = tuples(
            Student.select(
                Student.id,
                Student.sis_id,
                Student.student_number,
                Student.first_name,
                Student.last_name,
                Student.ps_id,
                Student.ps_school_number,
                Student.ps_enroll_status,
                Student.ps_entry_date,
                Student.ps_exit_date,
                Student.ps_checked_at,
            ).where(Student.id.in_(chunk))
        )
        for row in rows:
            found[row[0]] = StudentView(
                id=row[0],
                sis_id=row[1],
                person=Person(row[2], row[3], row[4]),
                ps_id=row[5],
                enrollment=Enrollment(*row[6:10]) if row[6] else None,
                checked_at=row[10],
            )
    return found


def _reason_codes(schools: Iterable[int]) -> dict[tuple[int, str, str], str]:
    rows = tuples(
        Reason.select(Reason.school, Reason.type, Reason.label, Reason.code).where(
            Reason.school.in_(list(schools)), Reason.code.is_null(False)
        )
    )
    return {(row[0], row[1], row[2].strip().casefold()): row[3] for row in rows}


def _our_codes(
    students: set[int], *, days: set[date]
) -> dict[tuple[int, int, date], set[str]]:
    ours: dict[tuple[int, int, date], set[str]] = defaultdict(set)
    for chunk in _chunked(students):
        rows = tuples(
            Attempt.select(
                Writeback.school,
                Writeback.student,
                Writeback.school_day,
                Attempt.code,
            )
            .join(Writeback)
            .where(
                Writeback.student.in_(chunk),
                Writeback.school_day.in_(list(days)),
                Attempt.outcome.in_(list(_MAYBE_WRITTEN)),
                Attempt.code.is_null(False),
            )
            .distinct()
        )
        for school_id, student_id, day, code in rows:
            ours[school_id, student_id, day].add(code)
    return ours
