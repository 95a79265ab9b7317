"""The claimed work, loaded: one unit for each student, school and day."""

# Plain tuples instead of models: a storm loads thousands of rows at once.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from vmps.db import date_of, is_sqlite, moment_of, query, transaction, tuples, utc_text
from vmps.models import (
    AttendanceMode,
    Cause,
    District,
    EventType,
    School,
    Status,
    label_key,
)
from vmps.services.corrections import Corrections, doubt_outdated, load_corrections
from vmps.services.identity import Enrollment, Person
from vmps.services.many_rows import in_chunks
from vmps.services.mapped_codes import reason_codes
from vmps.services.our_writes import find_our_writes
from vmps.services.planning.counting import is_held_back, is_undone_by_hand
from vmps.services.planning.day import Before, DayEvent, Rules
from vmps.services.planning.late_writes import Uncertain

_STUDENT_DAYS = "SELECT student_id, school_day FROM writeback WHERE id IN ({places})"
_DAY_EVENTS = (
    "SELECT e.school_id, e.student_id, e.school_day, e.id, e.type, e.occurred_at,"
    " e.reason, e.voided_at, w.id, w.revision, w.tries, w.is_ambiguous, w.give_up_at,"
    " w.cause, w.status, EXISTS (SELECT 1 FROM event_change c WHERE c.event_id = e.id)"
    " FROM student_event e JOIN writeback w ON w.event_id = e.id"
    " WHERE e.student_id IN ({places}) AND e.school_day IN ({days}) ORDER BY e.id"
)
_STUDENTS = (
    "SELECT id, sis_id, student_number, first_name, last_name, ps_id,"
    " ps_school_number, ps_enroll_status, ps_entry_date, ps_exit_date, ps_checked_at"
    " FROM student WHERE id IN ({places})"
)
_INTERRUPTED = (
    "SELECT writeback_id FROM attempt WHERE writeback_id IN ({places})"
    " AND outcome = 'started' AND fence < %s"
)
_CLOSE = (
    "UPDATE attempt SET outcome = 'ambiguous', cause = 'interrupted', finished_at = %s"
    " WHERE writeback_id IN ({places}) AND outcome = 'started' AND fence < %s"
)
_NOT_SURE = (
    "UPDATE writeback SET is_ambiguous = {true}, tries = tries + 1"
    " WHERE id IN ({places})"
)


@dataclass(frozen=True, slots=True)
class SchoolView:
    """What a drain needs of a school."""

    id: int
    number: str
    mode: AttendanceMode | None
    is_enabled: bool
    rules: Rules
    #: What the district's schools are called, by number.
    names: Mapping[str, str] = field(default_factory=dict)


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
    #: PowerSchool refused the record that the last try sent.
    was_refused: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A student's day at one school: what is planned, written and read as one."""

    school: SchoolView
    student: StudentView
    day: date
    events: tuple[DayEvent, ...]
    claims: tuple[Claim, ...]
    #: By slot: the codes that we wrote, or may have written.
    ours: Mapping[str, frozenset[str]]
    #: By slot and code: what PowerSchool may still write for us, and since when.
    uncertain: Uncertain
    is_ambiguous: bool
    #: ATTENDANCE.DCID of the rows that we wrote.
    our_rows: frozenset[int] = frozenset()
    #: By slot: the codes that we wrote last.
    standing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: By slot: what stood there before us.
    before: Mapping[str, Before] = field(default_factory=dict)

    @property
    def school_day(self) -> tuple[int, date]:
        """Return what units share their codes and calendar by."""
        return self.school.id, self.day


def load_units(
    district_id: int, claimed: Sequence[int], *, fence: int, now: datetime
) -> list[Unit]:
    """Return the units of the claimed writebacks; close what dead drains began."""
    _close_interrupted(claimed, fence, now)
    keys = {(row[0], date_of(row[1])) for row in in_chunks(_STUDENT_DAYS, claimed)}
    held = set(claimed)
    return [unit for unit in _load(district_id, keys, held) if unit.claims]


def load_days(district_id: int, keys: Collection[tuple[int, date]]) -> list[Unit]:
    """Return the units of these students' days, by school, without claiming any.

    All events are in them, those that were not sent, too.
    """
    return _load(district_id, keys, None)


def load_days_to_send(
    district_id: int, keys: Collection[tuple[int, date]]
) -> list[Unit]:
    """Return them as a drain would plan them now: what was not sent is held back."""
    return _load(district_id, keys, frozenset())


def _load(
    district_id: int, keys: Collection[tuple[int, date]], held: Collection[int] | None
) -> list[Unit]:
    students = {student_id for student_id, _ in keys}
    days = sorted({day for _, day in keys})
    rows = [
        _typed(row)
        for row in in_chunks(_DAY_EVENTS, students, days)
        if (row[1], date_of(row[2])) in keys
    ]
    ours = find_our_writes(students, days)
    schools = view_schools(district_id, {row[0] for row in rows})
    views = view_students(students)
    codes = reason_codes(schools)
    corrected = load_corrections(row[3] for row in rows if row[15])
    grouped: dict[tuple[int, int, date], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[row[0], row[1], row[2]].append(row)
    return [
        Unit(
            school=schools[school_id],
            student=views[student_id],
            day=day,
            events=_events(group, held, codes, corrected),
            claims=tuple(_claim(row) for row in group if row[8] in (held or ())),
            is_ambiguous=any(row[11] for row in group),
            ours=ours[school_id, student_id, day].by_slot(),
            uncertain=doubt_outdated(
                ours[school_id, student_id, day].uncertain,
                [corrected.get(row[3], ()) for row in group],
            ),
            our_rows=frozenset(ours[school_id, student_id, day].rows),
            standing=ours[school_id, student_id, day].standing,
            before=ours[school_id, student_id, day].before,
        )
        for (school_id, student_id, day), group in grouped.items()
    ]


def _typed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:2], date_of(row[2]), *row[3:5], moment_of(row[5]), *row[6:])


def _close_interrupted(claimed: Sequence[int], fence: int, now: datetime) -> None:
    """An attempt that began under an older fence and never ended is ambiguous."""
    found = [row[0] for row in in_chunks(_INTERRUPTED, claimed, (), fence)]
    if not found:
        return
    places = ", ".join(["%s"] * len(found))
    true = "1" if is_sqlite() else "true"
    with transaction():
        query(_NOT_SURE.format(places=places, true=true), found)
        query(_CLOSE.format(places=places), [utc_text(now), *found, fence])


def _events(
    group: Iterable[tuple[Any, ...]],
    held: Container[int] | None,
    codes: Mapping[tuple[int, str, str], str],
    corrected: Corrections,
) -> tuple[DayEvent, ...]:
    return tuple(
        _event(row, codes, corrected, is_free=held is not None and row[8] not in held)
        for row in group
        if held is None
        or row[8] in held
        or not is_undone_by_hand(row[13], is_void=bool(row[7]))
    )


def _event(
    row: tuple[Any, ...],
    codes: Mapping[tuple[int, str, str], str],
    corrected: Corrections,
    *,
    is_free: bool,
) -> DayEvent:
    is_void = row[7] is not None
    return DayEvent(
        id=row[3],
        type=EventType(row[4]),
        occurred_at=row[5],
        reason=row[6],
        code=codes.get((row[0], row[4], label_key(row[6]))),
        is_void=is_void,
        is_by_hand=row[13] == Cause.ENTERED_BY_HAND,
        is_held_back=is_free and is_held_back(row[14], row[13], is_void=is_void),
        is_settled=row[14] == Status.SUCCESSFUL,
        former=tuple(c.was for c in corrected.get(row[3], ())),
    )


def _claim(row: tuple[Any, ...]) -> Claim:
    return Claim(
        writeback_id=row[8],
        event_id=row[3],
        revision=row[9],
        tries=row[10],
        give_up_at=moment_of(row[12]),
        was_refused=row[13] == Cause.REFUSED,
    )


def _student(row: tuple[Any, ...]) -> StudentView:
    entry, leaving = (value and date_of(value) for value in row[8:10])
    return StudentView(
        id=row[0],
        sis_id=row[1],
        person=Person(row[2], row[3], row[4]),
        ps_id=row[5],
        enrollment=Enrollment(row[6], row[7], entry, leaving) if row[6] else None,
        checked_at=moment_of(row[10]),
    )


def view_students(ids: Collection[int]) -> dict[int, StudentView]:
    """Return what a drain needs of these students."""
    return {row[0]: _student(row) for row in in_chunks(_STUDENTS, ids)}


def view_schools(district_id: int, ids: set[int]) -> dict[int, SchoolView]:
    """Return what a drain needs of these schools of a district."""
    home = District.get_by_id(district_id)
    found = School.select().where(School.id.in_(list(ids)))
    mine = School.select(School.number, School.name).where(School.district == home)
    names = dict(tuples(mine))
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
                missed_code=school.missed_code,
                marks_remaining=school.marks_remaining,
                remaining_code=school.remaining_code,
            ),
            names=names,
        )
        for school in found
    }
