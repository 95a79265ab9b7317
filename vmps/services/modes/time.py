"""Time mode: a row with the minutes attended, changed by its DCID."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    BellTime,
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
from vmps.services.modes.ranges import ranges_of
from vmps.services.order import Order, Written
from vmps.services.planning.day import BLANK, MINUTES, DayPlan, Existing, Write
from vmps.services.planning.late_writes import LATE_WRITES, wait_until
from vmps.services.planning.leftovers import former_place
from vmps.services.planning.minutes import TimeDay, plan_minutes
from vmps.services.subject import Subject, Surveyed
from vmps.services.workload import Unit

MODE = AttendanceMode.TIME


class TimeMode:
    """One row of ours a day; PowerSchool adds a row unless it is told which to change.

    So nothing is written for 60 seconds after a write that got no clear answer: until
    then it could still add the row that a look has not found.
    """

    is_batched = True
    reads_alone = False
    reads_bells = True
    row_modes: Collection[AttendanceMode] = (MODE,)

    def read(
        self, link: Link, subjects: Sequence[Subject], facts: Facts, deadline: Deadline
    ) -> Mapping[int, Held]:
        """Read the day's bell times, and the students' rows: many in few calls."""
        unit = subjects[0].unit
        number = int(unit.school.number)
        bells = tuple(
            link.client.bell_times(
                number, unit.day, deadline=deadline, with_names=False
            )
        )
        ids = [s.ps_id for s in subjects if s.ps_id is not None]
        rows: dict[int, list[AttendanceRow]] = defaultdict(list)
        for bounds in _ranges(ids):
            for row in link.client.attendance(
                number, unit.day, MODE, student_ids=bounds, deadline=deadline
            ):
                rows[row.student_id].append(row)
        return {ps_id: _held(link, rows[ps_id], facts, bells) for ps_id in ids}

    def plan(self, unit: Unit, held: Held, facts: Facts, *, now: datetime) -> DayPlan:
        """Return the write for the day's row; none while an earlier one may land."""
        day = TimeDay(
            rows=[row for slot, row in held.rows.items() if slot != MINUTES],
            our_rows=unit.our_rows,
            our_codes=unit.ours.get(MINUTES, frozenset()),
            is_ambiguous=unit.is_ambiguous,
            reads_comments=MINUTES not in held.rows,
        )
        plan = plan_minutes(
            unit.events,
            bells=held.bells,
            rules=unit.school.rules,
            held=day,
            codes=facts.codes,
        )
        asked_at = [at for codes in unit.uncertain.values() for at in codes.values()]
        landed_by = max(asked_at, default=now - LATE_WRITES) + LATE_WRITES
        return wait_until(landed_by, plan, now=now) if landed_by > now else plan

    def make_records(
        self, surveyed: Surveyed, plan: DayPlan
    ) -> tuple[AttendanceRecord, ...]:
        """Return a record for each write: of a row to add, or to change by its DCID."""
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
        is_ours = slot == MINUTES or slot.startswith("row ")
        return "" if is_ours else former_place(slot)

    def read_back(
        self, link: Link, written: Sequence[Written], deadline: Deadline
    ) -> set[Unit]:
        """Return the units whose row holds the code and minutes we wrote."""
        rows = {
            (row.student_id, row.code_id, row.total_minutes)
            for row in _rows_of(link, written, deadline)
        }
        return {
            item.order.unit
            for item in written
            if all(
                (r.student_id, r.code_id, r.total_minutes) in rows
                for r in day_records(item.order)
            )
        }


def _rows_of(
    link: Link, written: Sequence[Written], deadline: Deadline
) -> Iterable[AttendanceRow]:
    """Yield the day's rows of what was written: by their ids where all were told."""
    unit = written[0].order.unit
    read = partial(
        link.client.attendance,
        int(unit.school.number),
        unit.day,
        MODE,
        deadline=deadline,
    )
    dcids = [dcid for item in written for dcid in item.dcids]
    known = [dcid for dcid in dcids if dcid is not None]
    if len(written) > FEW and len(known) == len(dcids):
        for bounds in ranges_of(known):
            yield from read(dcids=bounds)
        return
    ids = [r.student_id for item in written for r in day_records(item.order)]
    for bounds in _ranges(ids):
        yield from read(student_ids=bounds)


def _ranges(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return the bounds to ask for: one by one when few, else all between."""
    if len(ids) > FEW:
        return [(min(ids), max(ids))]
    return [(i, i) for i in sorted(set(ids))]


def _held(
    link: Link, rows: Sequence[AttendanceRow], facts: Facts, bells: tuple[BellTime, ...]
) -> Held:
    """Rows by their DCID; a new one gets a comment only where we may read it."""
    found = {f"row {row.dcid}": _existing(row, facts) for row in rows}
    if not link.client.reads_comments:
        found[MINUTES] = Existing(BLANK, None, "", comment_is_known=False)
    return Held(found, bells)


def _existing(row: AttendanceRow, facts: Facts) -> Existing:
    code = facts.texts.get(row.code_id or 0, f"#{row.code_id}")
    return Existing(
        code=code,
        presence=facts.presence.get(code),
        comment=row.comment or "",
        comment_is_known=row.comment_is_known,
        minutes=row.total_minutes,
        dcid=row.dcid,
    )
