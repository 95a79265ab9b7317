"""What PowerSchool holds before we write: the day's facts and the existing rows."""

# Runs in a slot's thread: no database here. What it learns goes back as values.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from vmps.models import Cause, Outcome
from vmps.powerschool import Deadline
from vmps.services.identity import enrollment_problem
from vmps.services.link import FACTS_SECONDS, FEW, STALE_SECONDS, Facts, Link
from vmps.services.modes.choose import mode_of
from vmps.services.modes.mode import Held
from vmps.services.planning.day import DayPlan, Existing, Verdict
from vmps.services.planning.late_writes import hold_off
from vmps.services.planning.leftovers import tell_kept, tell_leftovers
from vmps.services.subject import Subject, Surveyed
from vmps.services.triage import why_not_written


def survey(
    link: Link, subjects: Sequence[Subject], deadline: Deadline
) -> list[Surveyed]:
    """Read the facts and existing rows for subjects of one school and day."""
    mode = mode_of(subjects[0].unit.school.mode)
    if len(subjects) > FEW:
        link.learn_version(deadline=deadline)
    facts = _facts(link, subjects, deadline)
    held = mode.read(link, subjects, facts, deadline)
    return [
        Surveyed(subject, mode, facts, held.get(subject.ps_id or 0, Held({})))
        for subject in subjects
    ]


def plan_surveyed(surveyed: Surveyed, *, now: datetime) -> DayPlan:
    """Return the unit's plan: the local refusals first, then the day's."""
    unit = surveyed.subject.unit
    problem = _problem(surveyed)
    if problem:
        return DayPlan((), {event.id: problem for event in unit.events})
    rows = surveyed.held.rows
    plan = _tell_what_stays(
        surveyed, surveyed.mode.plan(unit, surveyed.held, surveyed.facts, now=now)
    )
    reason = why_not_written(unit.school) if plan.writes else None
    if reason:
        plan = _unwritten(plan, reason, rows)
    return hold_off(plan, rows=rows, uncertain=unit.uncertain, now=now)


def _tell_what_stays(surveyed: Surveyed, plan: DayPlan) -> DayPlan:
    unit, held = surveyed.subject.unit, surveyed.held
    if all(event.is_void for event in unit.events):
        plan = tell_kept(plan, unit.standing, held.rows)
    place_of = partial(surveyed.mode.name_left, held)
    return tell_leftovers(plan, unit.standing, place_of)


def _unwritten(plan: DayPlan, reason: Verdict, rows: Mapping[str, Existing]) -> DayPlan:
    """Nothing may be written: what stands there already was sent, the rest is not.

    A comment that lacks a line of ours takes nothing from that.
    """
    stands = all(
        write.slot in rows and rows[write.slot].code == write.code
        for write in plan.writes
    )
    if not stands:
        return DayPlan((), dict.fromkeys(plan.verdicts, reason))
    there = Verdict(Outcome.ALREADY_THERE, Cause.ALREADY_THERE)
    return DayPlan(
        (),
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
    read = partial(
        link.facts,
        school.number,
        day,
        deadline=deadline,
        with_schedule=mode_of(school.mode).reads_bells,
    )
    facts = read(at_most=FACTS_SECONDS)
    wanted = {e.code for s in subjects for e in s.unit.events if e.code}
    is_missing = not facts.is_in_session or not wanted <= set(facts.codes)
    return read(at_most=0) if is_missing and facts.age > STALE_SECONDS else facts
