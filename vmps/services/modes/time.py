"""Time mode: a row with the minutes attended, changed by its DCID."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    BellTime,
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
    Key,
    held_rows,
    key_of,
    key_of_record,
    written_rows,
)
from vmps.services.modes.mode import Held
from vmps.services.modes.ranges import ranges_of
from vmps.services.order import Order, Written
from vmps.services.planning.day import BLANK, MINUTES, PRESENT, DayPlan, Existing, Write
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
        self,
        link: Link,
        subjects: Sequence[Subject],
        facts: Mapping[int, Facts],
        deadline: Deadline,
    ) -> Mapping[Unit, Held]:
        """Read the day's bell times, and the students' rows: many in few calls."""
        schools = {subject.unit.school.id: subject.unit for subject in subjects}
        bells = {
            school_id: tuple(
                link.client.bell_times(
                    int(unit.school.number),
                    unit.day,
                    deadline=deadline,
                    with_names=False,
                )
            )
            for school_id, unit in schools.items()
        }
        rows: dict[Key, list[AttendanceRow]] = defaultdict(list)
        for key, row in held_rows(link, subjects, MODE, deadline):
            rows[key].append(row)
        return {
            subject.unit: _held(link, rows[key_of(subject)], facts[its], bells[its])
            for subject in subjects
            if subject.ps_id is not None and (its := subject.unit.school.id)
        }

    def plan(self, unit: Unit, held: Held, facts: Facts, *, now: datetime) -> DayPlan:
        """Return the write for the day's row; none while an earlier one may land."""
        day = TimeDay(
            rows=[row for slot, row in held.rows.items() if slot != MINUTES],
            our_rows=unit.our_rows,
            our_codes=unit.ours.get(MINUTES, frozenset()),
            before=unit.before.get(MINUTES, PRESENT),
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
        found = written_rows(link, written, MODE, deadline, cut=ranges_of)
        rows = {(key, row.code_id, row.total_minutes) for key, row in found}
        return {
            item.order.unit
            for item in written
            if all(
                (key_of_record(r), r.code_id, r.total_minutes) in rows
                for r in day_records(item.order)
            )
        }


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
