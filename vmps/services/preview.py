"""A dry run: what an event would write to PowerSchool, and why, without writing."""

# It goes the way of a drain, reading included, and stops before the write.

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from vmps.config import Settings
from vmps.models import Cause, EventType, School, Student, label_key
from vmps.powerschool import Deadline
from vmps.services.ask_powerschool import ask_powerschool
from vmps.services.catalogue import Explanation
from vmps.services.explain import explain_verdict
from vmps.services.identify import identify
from vmps.services.link import Link
from vmps.services.mapped_codes import reason_codes
from vmps.services.order import prior_of
from vmps.services.planning.day import DayEvent, DayPlan, Write
from vmps.services.planning.minutes import mark_of
from vmps.services.problems import Invalid
from vmps.services.subject import Subject, Surveyed
from vmps.services.survey import plan_surveyed, survey
from vmps.services.triage import triage
from vmps.services.workload import (
    Unit,
    load_days_to_send,
    view_schools,
    view_students,
)

#: The event that is tried out: its id comes after those of all that happened.
TRIED = 2**31 - 1
EARLIEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Trial:
    """An event that did not happen: of whom, what, when and why."""

    school: School
    student: Student
    type: EventType
    at: datetime
    reason: str

    @property
    def day(self) -> date:
        """Return the school's date."""
        return self.at.astimezone(self.school.zone).date()


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row that would be written: `before` and `after` are codes, "" is Present."""

    where: str
    before: str
    after: str
    comment: str | None
    minutes: int | None
    #: The record as it would be sent, without the comment; JSON.
    record: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be written, and how each event of the day would end."""

    rows: tuple[PreviewRow, ...]
    why: Explanation
    cause: Cause | None
    #: How many other events of that day are planned with it.
    others: int


def preview(trial: Trial, settings: Settings, *, now: datetime) -> Preview:
    """Return what this event would write now; a Problem where nobody can say.

    Calls PowerSchool, reading only, for ATTEMPT_SECONDS at most.
    """
    if not now - EARLIEST <= trial.at <= now + timedelta(days=1):
        raise Invalid({"at": "Give a time of the last 30 days, or of today."})
    unit = _unit(trial)
    settled = triage(unit)
    if settled:
        return _told(unit, None, DayPlan((), settled))
    with ask_powerschool(trial.school.district_id, settings) as asked:
        surveyed = _survey(unit, asked.link, settings)
    plan = plan_surveyed(surveyed, now=now)
    return _told(unit, surveyed, plan)


def _unit(trial: Trial) -> Unit:
    """Return the student's day as it is, with the event in its place."""
    school, student = trial.school, trial.student
    tried = DayEvent(
        id=TRIED,
        type=trial.type,
        occurred_at=trial.at,
        reason=trial.reason,
        code=reason_codes([school.id]).get(
            (school.id, trial.type.value, label_key(trial.reason))
        ),
    )
    for unit in load_days_to_send(school.district_id, {(student.id, trial.day)}):
        if unit.school.id == school.id:
            return replace(unit, events=(*unit.events, tried))
    return Unit(
        school=view_schools(school.district_id, {school.id})[school.id],
        student=view_students([student.id])[student.id],
        day=trial.day,
        events=(tried,),
        claims=(),
        ours={},
        uncertain={},
        is_ambiguous=False,
    )


def _survey(unit: Unit, link: Link, settings: Settings) -> Surveyed:
    deadline = Deadline.after(settings.attempt_seconds)
    found = identify(link, unit.school.number, [unit.student], deadline)
    subject = Subject(unit, found[unit.student.id])
    return survey(link, [subject], deadline)[0]


def _told(unit: Unit, surveyed: Surveyed | None, plan: DayPlan) -> Preview:
    return Preview(
        rows=_rows(surveyed, plan),
        why=explain_verdict(plan.verdicts[TRIED]),
        cause=plan.verdicts[TRIED].cause,
        others=sum(not event.is_void for event in unit.events) - 1,
    )


def _rows(surveyed: Surveyed | None, plan: DayPlan) -> tuple[PreviewRow, ...]:
    if surveyed is None or not plan.writes:
        return ()
    records = surveyed.mode.make_records(surveyed, plan)
    return tuple(
        PreviewRow(
            where=surveyed.mode.name_place(surveyed.held, write),
            before=prior.code if (prior := prior_of(surveyed, write)) else "",
            after=write.code,
            comment=_shown(write),
            minutes=write.minutes,
            record=json.dumps(record.told()),
        )
        for write, record in zip(plan.writes, records, strict=True)
    )


def _shown(write: Write) -> str | None:
    """Return the comment; the mark of an event that has no number yet says so."""
    if write.comment is None:
        return None
    return write.comment.replace(mark_of(TRIED), "[vmps …]")
