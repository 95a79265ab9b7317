"""Reconciliation: a school day's events beside what PowerSchool holds."""

# Each student's day is planned again on what PowerSchool holds now: where the plan
# would write, the two differ. What a drain may still do about it, the log says.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vmps.config import Settings
from vmps.models import Cause, Outcome, School, Status, Student, StudentEvent, Writeback
from vmps.services.ask_powerschool import ask_powerschool
from vmps.services.difference import Difference, Kind
from vmps.services.explain import explain
from vmps.services.look_at_day import SeenDay, look_at_day
from vmps.services.order import prior_of
from vmps.services.planning.day import BLANK, DayEvent, Verdict, Write
from vmps.services.problems import Problem
from vmps.services.schools import LONGEST_DAY
from vmps.services.stray_rows import find_extra, find_left
from vmps.services.subject import Surveyed
from vmps.services.survey import plan_surveyed
from vmps.services.workload import load_days


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was compared, and what differs."""

    events: int
    differences: tuple[Difference, ...]
    #: Events that could not be compared in time.
    unchecked: int

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """Return the differences that the log does not explain."""
        return tuple(one for one in self.differences if not one.explanation)

    @property
    def sending(self) -> int:
        """Return how many of the differences are being mended by a write."""
        return sum(one.is_sending for one in self.differences)

    @property
    def resendable(self) -> tuple[int, ...]:
        """Return the writebacks that would mend something if sent again."""
        return tuple(sorted({i for one in self.differences for i in one.writebacks}))


@dataclass(frozen=True, slots=True)
class _Owed:
    """One event of the day with its writeback, as the log has it."""

    writeback_id: int
    event_id: int
    student_id: int
    name: str
    status: Status
    cause: Cause | None
    detail: str
    is_void: bool

    @property
    def is_by_hand(self) -> bool:
        """Tell whether a person said that they entered it."""
        return self.cause is Cause.ENTERED_BY_HAND and not self.is_void

    def explain(self) -> str:
        """Return why it does not stand in PowerSchool, "" where it should."""
        if self.status is Status.SUCCESSFUL:
            return ""
        is_named = self.cause is Cause.WRONG_STUDENT
        return explain(self.status, self.cause, "" if is_named else self.detail).text


def reconcile(
    school: School, day: date, settings: Settings, *, now: datetime
) -> Reconciliation:
    """Compare the school's day; a Problem says in plain words what is in the way.

    Calls PowerSchool, reading only, for ATTEMPT_SECONDS at most.
    """
    if school.attendance_mode is None:
        raise Problem("Choose the school's attendance mode first.")
    owed = _load_owed(school, day)
    students = {(one.student_id, day) for one in owed}
    units = [
        unit
        for unit in load_days(school.district_id, students)
        if unit.school.id == school.id
    ]
    with ask_powerschool(school.district_id, settings) as asked:
        seen = look_at_day(school, day, units, asked.link, settings)
    by_student: dict[int, list[_Owed]] = defaultdict(list)
    for one in owed:
        by_student[one.student_id].append(one)
    found = [
        difference
        for item in seen.surveyed
        for difference in _differences(item, by_student, seen, now=now)
    ]
    checked = {item.subject.unit.student.id for item in seen.surveyed}
    return Reconciliation(
        events=len(owed),
        differences=(*found, *find_extra(school, seen)),
        unchecked=sum(one.student_id not in checked for one in owed),
    )


def _load_owed(school: School, day: date) -> list[_Owed]:
    """Return the day's events; the clauses on `occurred_at` are the index's."""
    noon = datetime.combine(day, datetime.min.time(), school.zone)
    rows = (
        Writeback.select(Writeback, StudentEvent, Student)
        .join_from(Writeback, StudentEvent, on=(Writeback.event == StudentEvent.id))
        .join_from(Writeback, Student)
        .where(
            StudentEvent.district == school.district_id,
            StudentEvent.occurred_at >= noon - LONGEST_DAY,
            StudentEvent.occurred_at < noon + 2 * LONGEST_DAY,
            Writeback.school == school.id,
            Writeback.school_day == day,
        )
        .order_by(Writeback.id)
    )
    return [
        _Owed(
            writeback_id=row.id,
            event_id=row.event.id,
            student_id=row.student.id,
            name=f"{row.event.last_name}, {row.event.first_name}",
            status=Status(row.status),
            cause=Cause(row.cause) if row.cause else None,
            detail=row.detail,
            is_void=row.event.voided_at is not None,
        )
        for row in rows
    ]


def _differences(
    item: Surveyed,
    owed: Mapping[int, Sequence[_Owed]],
    seen: SeenDay,
    *,
    now: datetime,
) -> Iterable[Difference]:
    """Plan the day again on what PowerSchool holds now, and tell where that differs."""
    events = owed.get(item.subject.unit.student.id, ())
    plan = plan_surveyed(item, now=now)
    for write in plan.writes:
        if not _is_held(item, write):
            carriers = [e for e in events if _carries(plan.verdicts.get(e.event_id))]
            yield _difference(item, write, carriers or events)
    for event in events:
        verdict = plan.verdicts.get(event.event_id)
        if not verdict or not verdict.is_refusal:
            continue
        if event.status is Status.SUCCESSFUL:
            yield _refused(item, event, verdict)
    hollow = [e for e in events if _needs_row(e, plan.verdicts.get(e.event_id))]
    if hollow and _has_nothing(item, seen):
        yield from (_by_hand(item, event) for event in hollow)
    yield from find_left(item, events[0].name if events else "", seen.rows)


def _refused(item: Surveyed, event: _Owed, verdict: Verdict) -> Difference:
    """Tell what stands where an event's code was written and cannot be any more."""
    codes = {row.code for row in item.held.rows.values()} - {BLANK}
    is_told = verdict.cause is Cause.ALREADY_MARKED
    return Difference(
        kind=Kind.DIFFERENT,
        student=event.name,
        place="The day",
        ours=_code_of(item, event.event_id),
        theirs=verdict.detail if is_told else ", ".join(sorted(codes)),
    )


def _needs_row(event: _Owed, verdict: Verdict | None) -> bool:
    """Tell whether a person's entry should be seen: another event may stand for it."""
    if verdict is None or verdict.outcome is Outcome.COVERED:
        return False
    return event.is_by_hand


def _has_nothing(item: Surveyed, seen: SeenDay) -> bool:
    """Tell whether the student has no mark at all that day, in whatever mode."""
    ps_id = item.subject.ps_id
    if ps_id is None:
        return False  # nobody knows whose rows to look at
    is_marked = any(row.student_id == ps_id and row.code for row in seen.rows)
    return not is_marked and not any(row.minutes for row in item.held.rows.values())


def _by_hand(item: Surveyed, event: _Owed) -> Difference:
    entered = _event_of(item, event.event_id)
    return Difference(
        kind=Kind.BY_HAND,
        student=event.name,
        place="The day",
        ours=entered.code or entered.reason or entered.type.label,
        theirs="",
    )


def _is_held(item: Surveyed, write: Write) -> bool:
    """Tell whether only the comment would be another one."""
    prior = prior_of(item, write)
    if (prior.code if prior else BLANK) != write.code:
        return False
    return write.minutes is None or bool(prior and prior.minutes == write.minutes)


def _carries(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.outcome in {Outcome.WRITTEN, Outcome.VOIDED}


def _difference(item: Surveyed, write: Write, events: Sequence[_Owed]) -> Difference:
    prior = prior_of(item, write)
    theirs = prior.code if prior else BLANK
    kind = Kind.DIFFERENT if theirs else Kind.MISSING
    is_gone = all(event.is_void for event in item.subject.unit.events)
    if is_gone or write.minutes == 0 or not write.code:
        kind = Kind.EXTRA
    waiting = next((text for event in events if (text := event.explain())), "")
    return Difference(
        kind=kind,
        student=events[0].name if events else "",
        place=item.mode.name_place(item.held, write),
        ours=write.code,
        theirs=theirs,
        writebacks=() if waiting else tuple(event.writeback_id for event in events),
        explanation=waiting,
        is_sending=any(event.status is Status.PENDING for event in events),
    )


def _code_of(item: Surveyed, event_id: int) -> str:
    return _event_of(item, event_id).code or ""


def _event_of(item: Surveyed, event_id: int) -> DayEvent:
    return next(event for event in item.subject.unit.events if event.id == event_id)
