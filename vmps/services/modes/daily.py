"""Daily mode: one row a student and day, read and written for many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    Deadline,
    RecordRefused,
    WriteResult,
)
from vmps.services.link import Facts, Link
from vmps.services.modes.day_records import (
    day_records,
    make_day_records,
    write_day_batch,
    write_day_records,
)
from vmps.services.modes.day_rows import (
    held_rows,
    key_of,
    key_of_record,
    written_rows,
)
from vmps.services.modes.mode import Held
from vmps.services.modes.ranges import one_range
from vmps.services.order import Order, Written
from vmps.services.planning.daily import plan_day
from vmps.services.planning.day import BLANK, DAY, PRESENT, DayPlan, Existing, Write
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
        self,
        link: Link,
        subjects: Sequence[Subject],
        facts: Mapping[int, Facts],
        deadline: Deadline,
    ) -> Mapping[Unit, Held]:
        """Read the students' rows: one by one when few, else by a range of ids."""
        rows = dict(held_rows(link, subjects, MODE, deadline))
        return {
            subject.unit: _held(
                link, rows.get(key_of(subject)), facts[subject.unit.school.id]
            )
            for subject in subjects
            if subject.ps_id is not None
        }

    def plan(self, unit: Unit, held: Held, facts: Facts, *, now: datetime) -> DayPlan:
        """Return at most one write, for the day's one row."""
        return plan_day(
            unit.events,
            rules=unit.school.rules,
            existing=held.rows.get(DAY),
            our_codes=unit.ours.get(DAY, frozenset()),
            before=unit.before.get(DAY, PRESENT),
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
        rows = dict(written_rows(link, written, MODE, deadline, cut=one_range))
        return {
            item.order.unit
            for item in written
            for record in day_records(item.order)
            if (row := rows.get(key_of_record(record)))
            and row.code_id == record.code_id
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
