"""Daily mode: one row a student and day, read and written for many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    Deadline,
    RecordRefused,
    WriteResult,
)
from vmps.services.link import FEW, Facts, Link
from vmps.services.modes.day_records import (
    day_records,
    make_day_records,
    write_day_batch,
    write_day_records,
)
from vmps.services.modes.mode import Held
from vmps.services.order import Order, Written
from vmps.services.planning.daily import plan_day
from vmps.services.planning.day import BLANK, DAY, DayPlan, Existing, Write
from vmps.services.planning.leftovers import former_place
from vmps.services.subject import Subject, Surveyed
from vmps.services.workload import Unit

MODE = AttendanceMode.DAILY


class DailyMode:
    """One row a day: the endpoint inserts or updates it by itself."""

    is_batched = True
    reads_alone = False
    reads_bells = False
    row_modes: Collection[AttendanceMode] = (MODE,)

    def read(
        self, link: Link, subjects: Sequence[Subject], facts: Facts, deadline: Deadline
    ) -> Mapping[int, Held]:
        """Read the students' rows: one by one when few, else by a range of ids."""
        unit = subjects[0].unit
        ids = [s.ps_id for s in subjects if s.ps_id is not None]
        rows = _read_rows(link, int(unit.school.number), unit.day, ids, deadline)
        return {ps_id: _held(link, rows.get(ps_id), facts) for ps_id in ids}

    def plan(self, unit: Unit, held: Held, facts: Facts, *, now: datetime) -> DayPlan:
        """Return at most one write, for the day's one row."""
        return plan_day(
            unit.events,
            rules=unit.school.rules,
            existing=held.rows.get(DAY),
            our_codes=unit.ours.get(DAY, frozenset()),
            codes=facts.codes,
        )

    def make_records(
        self, surveyed: Surveyed, plan: DayPlan
    ) -> tuple[AttendanceRecord, ...]:
        """Return the record of the plan's write, with the ids of the school year."""
        return make_day_records(surveyed, plan, MODE)

    def write(
        self, link: Link, order: Order, deadline: Deadline
    ) -> Sequence[WriteResult]:
        """Write the order's record."""
        return write_day_records(link, order, deadline)

    def write_batch(
        self, link: Link, orders: Sequence[Order], deadline: Deadline
    ) -> Sequence[WriteResult | RecordRefused]:
        """Write up to 200 records in one call."""
        return write_day_batch(link, orders, deadline)

    def name_place(self, held: Held, write: Write) -> str:
        """Return what the day's one row stands for."""
        return "The day"

    def name_left(self, held: Held, slot: str) -> str:
        """Return what another mode of the school wrote to."""
        return "" if slot == DAY else former_place(slot)

    def read_back(
        self, link: Link, written: Sequence[Written], deadline: Deadline
    ) -> set[Unit]:
        """Return the units whose row holds the code we wrote."""
        rows = _rows_of(link, written, deadline)
        return {
            item.order.unit
            for item in written
            for record in day_records(item.order)
            if (row := rows.get(record.student_id)) and row.code_id == record.code_id
        }


def _read_rows(
    link: Link,
    school_number: int,
    day: date,
    student_ids: Sequence[int],
    deadline: Deadline,
) -> dict[int, AttendanceRow]:
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


def _held(link: Link, row: AttendanceRow | None, facts: Facts) -> Held:
    """No row means present; a new one gets a comment only where we may read it."""
    if row is None:
        if link.client.reads_comments:
            return Held({})
        return Held({DAY: Existing(BLANK, None, "", comment_is_known=False)})
    code = facts.texts.get(row.code_id or 0, f"#{row.code_id}")
    existing = Existing(
        code=code,
        presence=facts.presence.get(code),
        comment=row.comment or BLANK,
        comment_is_known=row.comment_is_known,
    )
    return Held({DAY: existing})


def _rows_of(
    link: Link, written: Sequence[Written], deadline: Deadline
) -> Mapping[int, AttendanceRow]:
    """Rows by student: between the lowest and highest we wrote, where told."""
    unit = written[0].order.unit
    ids = [item.sent.ps_row for item in written]
    known = [i for i in ids if i is not None]
    number = int(unit.school.number)
    if len(written) <= FEW or len(known) < len(ids):
        students = [r.student_id for item in written for r in day_records(item.order)]
        return _read_rows(link, number, unit.day, students, deadline)
    rows = link.client.attendance(
        number,
        unit.day,
        MODE,
        dcids=(min(known), max(known)),
        deadline=deadline,
    )
    return {row.student_id: row for row in rows}
