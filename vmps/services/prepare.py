"""Reading before writing: facts, identities and existing rows, in few calls.

Runs in a slot's thread: no database here. What it learns goes back as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vmps.models import Cause, Outcome, RosterId
from vmps.powerschool import AttendanceMode, AttendanceRow, Deadline, StudentRecord
from vmps.services.identity import (
    Enrollment,
    Person,
    enrollment_problem,
    is_same_person,
)
from vmps.services.link import FACTS_SECONDS, STALE_SECONDS, Facts, Link
from vmps.services.plan import BLANK, DayPlan, Existing, Verdict, plan_day
from vmps.services.workload import StudentView, Unit

MODE = AttendanceMode.DAILY

#: Up to so many students are asked for one by one; more are read by school.
FEW = 3
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a roster's student is in PowerSchool, or why we won't say."""

    student_id: int
    record: StudentRecord | None
    cause: Cause | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A unit ready to be planned: everything that had to be read."""

    unit: Unit
    facts: Facts
    resolution: Resolution | None
    ps_id: int | None
    enrollment: Enrollment | None
    existing: Existing | None


@dataclass(frozen=True, slots=True)
class Preparation:
    """What one preparing task needs besides the units."""

    link: Link
    now: datetime
    trust: timedelta
    deadline: Deadline


def prepare(units: Sequence[Unit], how: Preparation) -> list[Prepared]:
    """Read what planning needs for units of one school and day."""
    school, day = units[0].school, units[0].day
    if len(units) > FEW:
        how.link.supports_batch(deadline=how.deadline)
    facts = _facts(units, how)
    stale = [u.student for u in units if _needs_resolving(u.student, how)]
    resolved = {r.student_id: r for r in _resolve(stale, school.number, how)}
    ids = {
        unit.student.id: _ps_id(unit.student, resolved.get(unit.student.id))
        for unit in units
    }
    rows = _existing_rows(
        [i for i in ids.values() if i is not None], school.number, day, how
    )
    return [
        Prepared(
            unit=unit,
            facts=facts,
            resolution=resolved.get(unit.student.id),
            ps_id=ids[unit.student.id],
            enrollment=_enrollment(unit.student, resolved.get(unit.student.id)),
            existing=_existing(rows.get(ids[unit.student.id] or 0), facts),
        )
        for unit in units
    ]


def plan_prepared(prepared: Prepared) -> DayPlan:
    """Return the unit's plan: the local refusals first, then the day's."""
    unit = prepared.unit
    problem = _problem(prepared)
    if problem and not all(event.is_void for event in unit.events):
        return DayPlan(None, {event.id: problem for event in unit.events})
    return plan_day(
        unit.events,
        rules=unit.school.rules,
        existing=prepared.existing,
        our_codes=unit.our_codes,
        codes=prepared.facts.codes,
    )


def _problem(prepared: Prepared) -> Verdict | None:
    resolution = prepared.resolution
    if resolution and resolution.cause:
        return Verdict(Outcome.REFUSED, resolution.cause, resolution.detail)
    if not prepared.facts.is_in_session:
        return Verdict(Outcome.REFUSED, Cause.NOT_IN_SESSION)
    if prepared.enrollment:
        unit = prepared.unit
        cause = enrollment_problem(prepared.enrollment, unit.school.number, unit.day)
        if cause:
            return Verdict(Outcome.REFUSED, cause, prepared.enrollment.school_number)
    return None


def _facts(units: Sequence[Unit], how: Preparation) -> Facts:
    school, day = units[0].school, units[0].day
    facts = how.link.facts(
        school.number, day, deadline=how.deadline, at_most=FACTS_SECONDS
    )
    wanted = {event.code for unit in units for event in unit.events if event.code}
    is_missing = not facts.is_in_session or not wanted <= set(facts.codes)
    if is_missing and facts.age > STALE_SECONDS:
        facts = how.link.facts(school.number, day, deadline=how.deadline, at_most=0)
    return facts


def _needs_resolving(student: StudentView, how: Preparation) -> bool:
    if student.ps_id is None or student.checked_at is None:
        return True
    return how.now - student.checked_at > how.trust


def _resolve(
    students: Sequence[StudentView], school_number: str, how: Preparation
) -> Iterable[Resolution]:
    """Find each student in PowerSchool by the roster's id kind, then compare."""
    roster_id = how.link.roster_id
    by_key: dict[str, StudentRecord] = {}
    if len(students) > FEW:
        everyone = how.link.client.students(
            school_number=int(school_number), page_size=PAGE_SIZE, deadline=how.deadline
        )
        by_key = {_key_of(record, roster_id): record for record in everyone}
    for student in students:
        record = by_key.get(student.sis_id)
        found = [record] if record else _look_up(student, how)
        yield _judge(student, found)


def _key_of(record: StudentRecord, roster_id: RosterId) -> str:
    if roster_id is RosterId.DCID:
        return str(record.dcid)
    if roster_id is RosterId.ID:
        return str(record.id)
    return record.student_number or ""


def _look_up(student: StudentView, how: Preparation) -> list[StudentRecord]:
    client, roster_id = how.link.client, how.link.roster_id
    if roster_id is RosterId.STUDENT_NUMBER:
        return client.students(
            student_number=student.sis_id, page_size=PAGE_SIZE, deadline=how.deadline
        )
    if not student.sis_id.isdecimal():
        return []
    number = int(student.sis_id)
    if roster_id is RosterId.DCID:
        return client.students(dcid=number, page_size=PAGE_SIZE, deadline=how.deadline)
    return client.students(id=number, page_size=PAGE_SIZE, deadline=how.deadline)


def _judge(student: StudentView, found: Sequence[StudentRecord]) -> Resolution:
    if len(found) != 1:
        detail = f"{len(found)} students have that id"
        return Resolution(student.id, None, Cause.STUDENT_NOT_FOUND, detail)
    record = found[0]
    theirs = Person(record.student_number or "", record.first_name, record.last_name)
    if is_same_person(student.person, theirs):
        return Resolution(student.id, record)
    detail = (
        f"PowerSchool's {student.sis_id} is {record.first_name} {record.last_name}"
        f" (student number {record.student_number})"
    )
    return Resolution(student.id, None, Cause.WRONG_STUDENT, detail)


def _ps_id(student: StudentView, resolution: Resolution | None) -> int | None:
    if resolution is None:
        return student.ps_id
    return resolution.record.id if resolution.record else None


def _enrollment(
    student: StudentView, resolution: Resolution | None
) -> Enrollment | None:
    if resolution is None:
        return student.enrollment
    record = resolution.record
    if record is None:
        return None
    return Enrollment(
        str(record.school_number),
        record.enroll_status,
        record.entry_date,
        record.exit_date,
    )


def _existing_rows(
    ids: Sequence[int], school_number: str, day: date, how: Preparation
) -> dict[int, AttendanceRow]:
    """Read the rows of these students one by one, or of the whole school and day.

    Whichever is fewer calls, judged by how many rows the day held when last read.
    """
    client, counts = how.link.client, how.link.row_counts
    school = int(school_number)
    pages = counts.get((school_number, day), 0) // PAGE_SIZE + 1
    if len(ids) <= FEW or len(ids) < pages:
        rows = [
            row
            for student_id in ids
            for row in client.attendance(
                school, day, MODE, student_id=student_id, deadline=how.deadline
            )
        ]
    else:
        rows = client.attendance(school, day, MODE, deadline=how.deadline)
        counts[school_number, day] = len(rows)
    return {row.student_id: row for row in rows}


def _existing(row: AttendanceRow | None, facts: Facts) -> Existing | None:
    if row is None:
        return None
    code = facts.texts.get(row.code_id or 0, f"#{row.code_id}")
    return Existing(
        code=code,
        presence=facts.presence.get(code),
        comment=row.comment or BLANK,
        comment_is_known=row.comment_is_known,
    )
