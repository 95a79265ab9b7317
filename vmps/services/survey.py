"""What PowerSchool holds before we write: the day's facts and the existing rows."""

# Runs in a slot's thread: no database here. What it learns goes back as values.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from vmps.models import Cause, Outcome
from vmps.powerschool import Deadline
from vmps.services.across import FEW
from vmps.services.identity import enrollment_problem
from vmps.services.link import FACTS_SECONDS, Facts, Link
from vmps.services.modes.choose import mode_of
from vmps.services.modes.mode import Held
from vmps.services.planning.day import BLANK, DayPlan, Existing, Verdict
from vmps.services.planning.late_writes import hold_off
from vmps.services.planning.leftovers import tell_kept, tell_leftovers
from vmps.services.subject import Subject, Surveyed
from vmps.services.triage import why_not_written


def survey(
    link: Link, subjects: Sequence[Subject], deadline: Deadline
) -> list[Surveyed]:
    """Read the facts and existing rows for subjects of one school and day."""
    if len(subjects) > FEW:
        link.learn_version(deadline=deadline)
    school, day = subjects[0].unit.school, subjects[0].unit.day
    facts_of = partial(
        link.facts,
        school.number,
        day,
        deadline=deadline,
        with_schedule=mode_of(school.mode).reads_bells,
    )
    facts = facts_of(at_most=FACTS_SECONDS)
    if _looks_stale(link, facts, subjects):
        facts = facts_of(at_most=0)
    found = _read(link, subjects, {school.id: facts}, deadline)
    if link.is_stale(facts) and any(map(_has_unknown_code, found)):
        facts = facts_of(at_most=0)
        found = _read(link, subjects, {school.id: facts}, deadline)
    return found


def survey_across(
    link: Link,
    subjects: Sequence[Subject],
    school_numbers: Collection[str],
    deadline: Deadline,
) -> tuple[list[Surveyed], list[Subject]]:
    """Do it for subjects of several schools on a day; return who is left, too.

    Left are those of schools whose facts were not to be had together, or lack a code,
    be it one that stands there already.
    `school_numbers` are all that facts will be needed of.
    """
    mode, day = mode_of(subjects[0].unit.school.mode), subjects[0].unit.day
    link.learn_version(deadline=deadline)
    link.learn_facts(
        school_numbers, day, deadline=deadline, with_schedule=mode.reads_bells
    )
    facts: dict[int, Facts] = {}
    left: list[Subject] = []
    for part in by_school(subjects):
        school = part[0].unit.school
        known = link.known_facts(school.number, day)
        if known is None or _looks_stale(link, known, part):
            left += part
        else:
            facts[school.id] = known
    covered = [subject for subject in subjects if subject.unit.school.id in facts]
    found = _read(link, covered, facts, deadline) if covered else []
    stale = [s for s in found if link.is_stale(s.facts) and _has_unknown_code(s)]
    left += [item.subject for item in stale]
    return [item for item in found if item not in stale], left


def by_school(subjects: Iterable[Subject]) -> list[list[Subject]]:
    """Return the subjects of each school."""
    parts: dict[int, list[Subject]] = defaultdict(list)
    for subject in subjects:
        parts[subject.unit.school.id].append(subject)
    return list(parts.values())


def _read(
    link: Link,
    subjects: Sequence[Subject],
    facts: Mapping[int, Facts],
    deadline: Deadline,
) -> list[Surveyed]:
    mode = mode_of(subjects[0].unit.school.mode)
    held = mode.read(link, subjects, facts, deadline)
    return [
        Surveyed(
            subject,
            mode,
            facts[subject.unit.school.id],
            held.get(subject.unit, Held({})),
        )
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


def _looks_stale(link: Link, facts: Facts, subjects: Sequence[Subject]) -> bool:
    """Tell whether to look once more: something is missing, and may be there by now."""
    wanted = {e.code for s in subjects for e in s.unit.events if e.code}
    is_missing = not facts.is_in_session or not wanted <= set(facts.codes)
    return is_missing and link.is_stale(facts)


def _has_unknown_code(surveyed: Surveyed) -> bool:
    """Tell whether a code stands there that the school did not have when we asked."""
    known = {BLANK, *surveyed.facts.codes}
    return any(row.code not in known for row in surveyed.held.rows.values())
