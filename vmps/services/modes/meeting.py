"""Meeting mode: a row for each class of the day, read and written by student."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from vmps.models import Outcome
from vmps.powerschool import (
    AttendanceMode,
    AttendanceRow,
    Deadline,
    Meeting,
    MeetingRecord,
    RecordRefused,
    WriteResult,
)
from vmps.services.across import FEW
from vmps.services.link import Facts, Link
from vmps.services.modes.mode import Held
from vmps.services.modes.ranges import ranges_of
from vmps.services.order import Order, Written
from vmps.services.planning.day import BLANK, DayPlan, Existing, Write
from vmps.services.planning.leftovers import LEFT_CLASS, former_place
from vmps.services.planning.meetings import plan_meetings
from vmps.services.planning.timetable import MeetingTime, clock_text
from vmps.services.subject import Subject, Surveyed
from vmps.services.workload import Unit

LACKING = "PowerSchool does not tell how long intervals last, so"
_MARKED = {Outcome.WRITTEN, Outcome.ALREADY_THERE}

#: Student, section, period and, in interval mode, the interval's number.
Key = tuple[int, int | None, int | None, int | None]


class MeetingMode:
    """One write a student and day; interval sections are meetings with a number."""

    is_batched = False
    reads_alone = True
    reads_bells = False
    row_modes: Collection[AttendanceMode] = (
        AttendanceMode.MEETING,
        AttendanceMode.INTERVAL,
    )

    def read(
        self,
        link: Link,
        subjects: Sequence[Subject],
        facts: Mapping[int, Facts],
        deadline: Deadline,
    ) -> Mapping[Unit, Held]:
        """Read each student's meetings of the day with what stands there."""
        held = {}
        for subject in subjects:
            unit, ps_id = subject.unit, subject.ps_id
            its_facts = facts[unit.school.id]
            if ps_id is None or not its_facts.is_in_session:
                continue
            meetings = link.client.meetings(
                ps_id, int(unit.school.number), unit.day, deadline=deadline
            )
            held[unit] = _held(meetings, its_facts)
        return held

    def plan(self, unit: Unit, held: Held, facts: Facts, *, now: datetime) -> DayPlan:
        """Return at most one write for each of the day's meetings."""
        plan = plan_meetings(
            unit.events,
            meetings=[_time_of(meeting) for meeting in held.meetings],
            day=unit.day,
            rules=unit.school.rules,
            rows=held.rows,
            ours=unit.ours,
            before=unit.before,
            codes=facts.codes,
        )
        return _tell_lacking(plan, held.meetings, unit.ours)

    def make_records(
        self, surveyed: Surveyed, plan: DayPlan
    ) -> tuple[MeetingRecord, ...]:
        """Return the records of the plan's writes, with the ids of the school year."""
        facts, subject = surveyed.facts, surveyed.subject
        unit = subject.unit
        if subject.ps_id is None or facts.year_id is None:
            raise ValueError("Only a resolved student's write can become a record.")
        meetings = {slot_of(meeting): meeting for meeting in surveyed.held.meetings}
        return tuple(
            MeetingRecord(
                student_id=subject.ps_id,
                school_number=int(unit.school.number),
                year_id=facts.year_id,
                on=unit.day,
                mode=(meeting := meetings[write.slot]).mode,
                code_id=facts.codes[write.code].id,
                cc_id=meeting.cc_id,
                period_id=meeting.period_id,
                starts=meeting.starts,
                ends=meeting.ends,
                interval=meeting.interval,
                comment=write.comment,
                calendar_day_id=facts.calendar_day_id,
            )
            for write in plan.writes
        )

    def write(
        self, link: Link, order: Order, deadline: Deadline
    ) -> Sequence[WriteResult]:
        """Write all of the student's meetings in one call."""
        return link.client.write_meetings(_records(order), deadline=deadline)

    def write_batch(
        self, link: Link, orders: Sequence[Order], deadline: Deadline
    ) -> Sequence[WriteResult | RecordRefused]:
        """Never asked for: PowerSchool takes one student and day a call."""
        raise NotImplementedError

    def name_place(self, held: Held, write: Write) -> str:
        """Return the class that a write is for, and its times."""
        found = next(m for m in held.meetings if slot_of(m) == write.slot)
        if found.stands_for_all:
            return f"{_time_of(found).name}, its first interval"
        span = f"{clock_text(found.starts)} to {clock_text(found.ends)}"
        return f"{found.period}, {span}" if found.period else f"The class from {span}"

    def name_left(self, held: Held, slot: str) -> str:
        """Return a class that is none of the student's any more, or another mode."""
        if slot in map(slot_of, held.meetings):
            return ""
        return LEFT_CLASS if ":" in slot else former_place(slot)

    def read_back(
        self, link: Link, written: Sequence[Written], deadline: Deadline
    ) -> set[Unit]:
        """Return the units all of whose meetings hold the codes we wrote."""
        codes = {
            _key_of_row(row): row.code_id for row in _rows_of(link, written, deadline)
        }
        return {
            item.order.unit
            for item in written
            if all(
                codes.get(_key_of_record(record)) == record.code_id
                for record in _records(item.order)
            )
        }


def slot_of(meeting: Meeting) -> str:
    """Return `ccid:periodid`, in interval mode with the interval's number."""
    slot = f"{meeting.cc_id}:{meeting.period_id}"
    return slot if meeting.interval is None else f"{slot}:{meeting.interval}"


def _time_of(meeting: Meeting) -> MeetingTime:
    name = meeting.period or f"the class at {clock_text(meeting.starts)}"
    return MeetingTime(slot_of(meeting), meeting.starts, meeting.ends, name)


def _tell_lacking(
    plan: DayPlan, meetings: Sequence[Meeting], ours: Container[str]
) -> DayPlan:
    """Say of which classes only the first interval is known, and so is marked."""
    written = {write.slot for write in plan.writes}
    names = [
        _time_of(meeting).name
        for meeting in meetings
        if meeting.stands_for_all
        and ((slot := slot_of(meeting)) in written or slot in ours)
    ]
    if not names:
        return plan
    note = f"{LACKING} of {', '.join(names)} only the first is marked"
    verdicts = {
        event_id: replace(v, detail=", ".join(filter(None, [v.detail, note])))
        if v.outcome in _MARKED
        else v
        for event_id, v in plan.verdicts.items()
    }
    return DayPlan(plan.writes, verdicts)


def _held(meetings: Sequence[Meeting], facts: Facts) -> Held:
    """No row means present; a new one gets a comment only where we may read it."""
    rows = {}
    for meeting in meetings:
        if meeting.code_id is None and not meeting.comment and meeting.comment_is_known:
            continue
        code = BLANK
        if meeting.code_id is not None:
            code = facts.texts.get(meeting.code_id, f"#{meeting.code_id}")
        rows[slot_of(meeting)] = Existing(
            code=code,
            presence=facts.presence.get(code),
            comment=meeting.comment or BLANK,
            comment_is_known=meeting.comment_is_known,
        )
    return Held(rows, meetings=meetings)


def _records(order: Order) -> list[MeetingRecord]:
    return [r for r in order.records if isinstance(r, MeetingRecord)]


def _key_of_record(record: MeetingRecord) -> Key:
    is_interval = record.mode is AttendanceMode.INTERVAL
    interval = record.interval if is_interval else None
    return record.student_id, record.cc_id, record.period_id, interval


def _key_of_row(row: AttendanceRow) -> Key:
    is_interval = row.mode is AttendanceMode.INTERVAL
    interval = row.interval if is_interval else None
    return row.student_id, row.cc_id, row.period_id, interval


def _rows_of(
    link: Link, written: Sequence[Written], deadline: Deadline
) -> Iterable[AttendanceRow]:
    """Yield the day's rows of what was written: by their ids where all were told."""
    unit = written[0].order.unit
    number, day = int(unit.school.number), unit.day
    dcids = [dcid for item in written for dcid in item.dcids]
    known = [dcid for dcid in dcids if dcid is not None]
    read = partial(link.client.attendance, number, day, None, deadline=deadline)
    if len(written) > FEW and len(known) == len(dcids):
        for dcid_range in ranges_of(known):
            yield from read(dcids=dcid_range)
        return
    students = {r.student_id for item in written for r in _records(item.order)}
    ranges = [(i, i) for i in students]
    if len(students) > FEW:
        ranges = [(min(students), max(students))]
    for student_range in ranges:
        yield from read(student_ids=student_range)
