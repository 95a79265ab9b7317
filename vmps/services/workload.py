"""The claimed work, loaded: one unit for each student, school and day."""

# Plain tuples instead of models: a storm loads thousands of rows at once.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from vmps.db import is_sqlite, query, transaction, tuples, utc_text
from vmps.models import (
    AttendanceMode,
    Cause,
    District,
    EventType,
    Reason,
    School,
    label_key,
)
from vmps.services.corrections import Corrections, doubt_outdated, load_corrections
from vmps.services.identity import Enrollment, Person
from vmps.services.planning.counting import counts
from vmps.services.planning.day import DayEvent, Rules

_CHUNK = 2000  # parameters in one IN (…)

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
#: Codes that may stand in PowerSchool because of us: also what was written for one
#: event on another's claim, whose attempt says covered or why it failed by itself.
#: Where a person entered the event by hand, what stands there is theirs.
_OUR_CODES = (
    "SELECT w.school_id, w.student_id, w.school_day, a.code, a.outcome, a.finished_at,"
    " w.cause"
    " FROM writeback w JOIN attempt a ON a.writeback_id = w.id"
    " WHERE w.student_id IN ({places}) AND w.school_day IN ({days})"
    " AND a.code IS NOT NULL AND a.outcome NOT IN ('not_sent', 'throttled',"
    " 'superseded') AND NOT (a.outcome = 'refused' AND a.cause = 'refused')"
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
    #: Codes that PowerSchool may still write for us, and when it was asked.
    uncertain: Mapping[str, datetime]
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
    keys = {(row[0], _date(row[1])) for row in _in_chunks(_STUDENT_DAYS, claimed)}
    students = {student_id for student_id, _ in keys}
    days = sorted({day for _, day in keys})
    rows = [
        _typed(row)
        for row in _in_chunks(_DAY_EVENTS, students, days)
        if (row[1], _date(row[2])) in keys
    ]
    ours, uncertain = _our_codes(students, days)
    schools = view_schools(district_id, {row[0] for row in rows})
    views = {row[0]: _student(row) for row in _in_chunks(_STUDENTS, students)}
    codes = _reason_codes(schools)
    corrected = load_corrections(row[3] for row in rows if row[15])
    held = set(claimed)
    grouped: dict[tuple[int, int, date], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[row[0], row[1], row[2]].append(row)
    return [
        Unit(
            school=schools[school_id],
            student=views[student_id],
            day=day,
            events=tuple(
                _event(row, codes, corrected)
                for row in group
                if row[8] in held or counts(row[14], row[13], is_void=bool(row[7]))
            ),
            claims=tuple(_claim(row) for row in group if row[8] in held),
            our_codes=frozenset(ours.get((school_id, student_id, day), ())),
            uncertain=doubt_outdated(
                uncertain.get((school_id, student_id, day), {}),
                [corrected.get(row[3], ()) for row in group],
            ),
            is_ambiguous=any(row[11] for row in group),
        )
        for (school_id, student_id, day), group in grouped.items()
        if any(row[8] in held for row in group)
    ]


def _in_chunks(
    sql: str,
    values: Collection[int],
    days: Sequence[date] = (),
    *more: object,
) -> Iterable[tuple[Any, ...]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        chunk = ordered[start : start + _CHUNK]
        statement = sql.format(
            places=", ".join(["%s"] * len(chunk)),
            days=", ".join(["%s"] * len(days)),
            true="1" if is_sqlite() else "true",
        )
        yield from query(statement, [*chunk, *(d.isoformat() for d in days), *more])


def _date(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: str | datetime | None) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC)


def _typed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:2], _date(row[2]), *row[3:5], _moment(row[5]), *row[6:])


def _close_interrupted(claimed: Sequence[int], fence: int, now: datetime) -> None:
    """An attempt that began under an older fence and never ended is ambiguous."""
    found = [row[0] for row in _in_chunks(_INTERRUPTED, claimed, (), fence)]
    if not found:
        return
    places = ", ".join(["%s"] * len(found))
    true = "1" if is_sqlite() else "true"
    with transaction():
        query(_NOT_SURE.format(places=places, true=true), found)
        query(_CLOSE.format(places=places), [utc_text(now), *found, fence])


def _event(
    row: tuple[Any, ...],
    codes: dict[tuple[int, str, str], str],
    corrected: Corrections,
) -> DayEvent:
    return DayEvent(
        id=row[3],
        type=EventType(row[4]),
        occurred_at=row[5],
        reason=row[6],
        code=codes.get((row[0], row[4], label_key(row[6]))),
        is_void=row[7] is not None,
        is_by_hand=row[13] == Cause.ENTERED_BY_HAND,
        former=tuple(c.was for c in corrected.get(row[3], ())),
    )


def _claim(row: tuple[Any, ...]) -> Claim:
    return Claim(
        writeback_id=row[8],
        event_id=row[3],
        revision=row[9],
        tries=row[10],
        give_up_at=_moment(row[12]),
    )


def _student(row: tuple[Any, ...]) -> StudentView:
    entry, leaving = (value and _date(value) for value in row[8:10])
    return StudentView(
        id=row[0],
        sis_id=row[1],
        person=Person(row[2], row[3], row[4]),
        ps_id=row[5],
        enrollment=Enrollment(row[6], row[7], entry, leaving) if row[6] else None,
        checked_at=_moment(row[10]),
    )


def view_schools(district_id: int, ids: set[int]) -> dict[int, SchoolView]:
    """Return what a drain needs of these schools of a district."""
    home = District.get_by_id(district_id)
    found = School.select().where(School.id.in_(list(ids)))
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
        for school in found
    }


def _reason_codes(schools: Iterable[int]) -> dict[tuple[int, str, str], str]:
    rows = tuples(
        Reason.select(Reason.school, Reason.type, Reason.label, Reason.code).where(
            Reason.school.in_(list(schools)), Reason.code.is_null(False)
        )
    )
    return {(row[0], row[1], label_key(row[2])): row[3] for row in rows}


_DayKey = tuple[int, int, date]


def _our_codes(
    students: Collection[int], days: Sequence[date]
) -> tuple[dict[_DayKey, set[str]], dict[_DayKey, dict[str, datetime]]]:
    ours: dict[_DayKey, set[str]] = defaultdict(set)
    uncertain: dict[_DayKey, dict[str, datetime]] = defaultdict(dict)
    for row in _in_chunks(_OUR_CODES, students, days):
        key, code = (row[0], row[1], _date(row[2])), row[3]
        if row[6] != Cause.ENTERED_BY_HAND:
            ours[key].add(code)
        asked_at = _moment(row[5])
        if row[4] == "ambiguous" and asked_at:
            uncertain[key][code] = max(asked_at, uncertain[key].get(code, asked_at))
    return ours, uncertain
