"""What PowerSchool holds before we write: the day's facts and the existing rows."""

# Runs in a slot's thread: no database here. What it learns goes back as values.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vmps.models import Cause, Outcome
from vmps.powerschool import AttendanceMode, AttendanceRow, Deadline
from vmps.services.identify import Resolution
from vmps.services.identity import Enrollment, enrollment_problem
from vmps.services.link import FACTS_SECONDS, FEW, STALE_SECONDS, Facts, Link
from vmps.services.planning.daily import plan_day
from vmps.services.planning.day import BLANK, DayPlan, Existing, Verdict
from vmps.services.planning.late_writes import hold_off
from vmps.services.triage import why_not_written
from vmps.services.workload import Unit

MODE = AttendanceMode.DAILY


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit whose student is known, or known not to be."""

    unit: Unit
    resolution: Resolution | None

    @property
    def ps_id(self) -> int | None:
        """Return STUDENTS.ID, None where the student was not agreed on."""
        if self.resolution is None:
            return self.unit.student.ps_id
        return self.resolution.record.id if self.resolution.record else None

    @property
    def enrollment(self) -> Enrollment | None:
        """Return where PowerSchool has the student."""
        if self.resolution is None:
            return self.unit.student.enrollment
        record = self.resolution.record
        if record is None:
            return None
        return Enrollment(
            str(record.school_number),
            record.enroll_status,
            record.entry_date,
            record.exit_date,
        )


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A subject ready to be planned: everything that had to be read."""

    subject: Subject
    facts: Facts
    existing: Existing | None


def survey(
    link: Link, subjects: Sequence[Subject], deadline: Deadline
) -> list[Surveyed]:
    """Read the facts and existing rows for subjects of one school and day."""
    school, day = subjects[0].unit.school, subjects[0].unit.day
    if len(subjects) > FEW:
        link.learn_version(deadline=deadline)
    facts = _facts(link, subjects, deadline)
    ids = [s.ps_id for s in subjects if s.ps_id is not None]
    rows = read_rows(link, int(school.number), day, ids, deadline)
    return [
        Surveyed(subject, facts, _existing(link, rows.get(subject.ps_id or 0), facts))
        for subject in subjects
    ]


def plan_surveyed(surveyed: Surveyed, *, now: datetime) -> DayPlan:
    """Return the unit's plan: the local refusals first, then the day's."""
    unit = surveyed.subject.unit
    problem = _problem(surveyed)
    if problem:
        return DayPlan(None, {event.id: problem for event in unit.events})
    plan = plan_day(
        unit.events,
        rules=unit.school.rules,
        existing=surveyed.existing,
        our_codes=unit.our_codes,
        codes=surveyed.facts.codes,
    )
    reason = why_not_written(unit.school) if plan.write else None
    if reason:
        return _unwritten(plan, reason, surveyed.existing)
    return hold_off(plan, existing=surveyed.existing, uncertain=unit.uncertain, now=now)


def _unwritten(plan: DayPlan, reason: Verdict, existing: Existing | None) -> DayPlan:
    """Nothing may be written: what stands there already was sent, the rest is not.

    A comment that lacks a line of ours takes nothing from that.
    """
    stands = existing is not None and plan.write and existing.code == plan.write.code
    if not stands:
        return DayPlan(None, dict.fromkeys(plan.verdicts, reason))
    there = Verdict(Outcome.ALREADY_THERE, Cause.ALREADY_THERE)
    return DayPlan(
        None,
        {
            event_id: there if verdict.outcome is Outcome.WRITTEN else verdict
            for event_id, verdict in plan.verdicts.items()
        },
    )


def _problem(surveyed: Surveyed) -> Verdict | None:
    subject, unit = surveyed.subject, surveyed.subject.unit
    if subject.resolution and subject.resolution.cause:
        cause, detail = subject.resolution.cause, subject.resolution.detail
        return Verdict(Outcome.REFUSED, cause, detail)
    if not surveyed.facts.is_in_session:
        return Verdict(Outcome.REFUSED, Cause.NOT_IN_SESSION)
    if subject.enrollment:
        problem = enrollment_problem(
            subject.enrollment, unit.school.number, unit.day, unit.school.names
        )
        if problem:
            return Verdict(Outcome.REFUSED, problem.cause, problem.detail)
    return None


def _facts(link: Link, subjects: Sequence[Subject], deadline: Deadline) -> Facts:
    school, day = subjects[0].unit.school, subjects[0].unit.day
    facts = link.facts(school.number, day, deadline=deadline, at_most=FACTS_SECONDS)
    wanted = {e.code for s in subjects for e in s.unit.events if e.code}
    is_missing = not facts.is_in_session or not wanted <= set(facts.codes)
    if is_missing and facts.age > STALE_SECONDS:
        return link.facts(school.number, day, deadline=deadline, at_most=0)
    return facts


def read_rows(
    link: Link,
    school_number: int,
    day: date,
    student_ids: Sequence[int],
    deadline: Deadline,
) -> dict[int, AttendanceRow]:
    """Read the students' rows of a day: one by one when few, else by a range of ids."""
    if not student_ids:
        return {}
    ranges = [(i, i) for i in student_ids]
    if len(student_ids) > FEW:
        ranges = [(min(student_ids), max(student_ids))]
    return {
        row.student_id: row
        for student_range in ranges
        for row in link.client.attendance(
            school_number, day, MODE, student_ids=student_range, deadline=deadline
        )
    }


def _existing(link: Link, row: AttendanceRow | None, facts: Facts) -> Existing | None:
    """No row means present; a new one gets a comment only where we may read it."""
    if row is None:
        is_known = link.client.reads_comments
        return None if is_known else Existing(BLANK, None, "", comment_is_known=False)
    code = facts.texts.get(row.code_id or 0, f"#{row.code_id}")
    return Existing(
        code=code,
        presence=facts.presence.get(code),
        comment=row.comment or BLANK,
        comment_is_known=row.comment_is_known,
    )
