"""Time mode: a row with the minutes attended, changed by its DCID."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from vmps.powerschool import AttendanceMode, AttendanceRow, Deadline
from vmps.services.link import Facts, Link
from vmps.services.modes.day_rows import key_of_record, records_of, written_rows
from vmps.services.modes.mode import Held
from vmps.services.modes.one_row import Bells, OneRowMode
from vmps.services.modes.ranges import ranges_of
from vmps.services.order import Written
from vmps.services.planning.day import BLANK, MINUTES, PRESENT, DayPlan, Existing
from vmps.services.planning.late_writes import LATE_WRITES, wait_until
from vmps.services.planning.leftovers import former_place
from vmps.services.planning.minutes import TimeDay, plan_minutes
from vmps.services.planning.school_day import find_outside
from vmps.services.workload import Unit


class TimeMode(OneRowMode):
    """One row of ours a day; PowerSchool adds a row unless it is told which to change.

    So nothing is written for 60 seconds after a write that got no clear answer: until
    then it could still add the row that a look has not found.
    """

    mode = AttendanceMode.TIME
    row_modes: Collection[AttendanceMode] = (AttendanceMode.TIME,)
    needs_bells = True

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

    def is_outside(self, unit: Unit, held: Held) -> bool:
        """Tell whether an event is outside the bells, or there are none."""
        return any(find_outside(unit.events, held.bells, unit.school.rules.zone))

    def name_left(self, held: Held, slot: str) -> str:
        """Return what another mode of the school wrote to."""
        is_ours = slot == MINUTES or slot.startswith("row ")
        return "" if is_ours else former_place(slot)

    def read_back(
        self, link: Link, written: Sequence[Written], deadline: Deadline
    ) -> set[Unit]:
        """Return the units whose row holds the code and minutes we wrote."""
        found = written_rows(link, written, self.mode, deadline, cut=ranges_of)
        rows = {(key, row.code_id, row.total_minutes) for key, row in found}
        return {
            item.order.unit
            for item in written
            if all(
                (key_of_record(r), r.code_id, r.total_minutes) in rows
                for r in records_of(item.order)
            )
        }

    def hold(
        self, link: Link, rows: Sequence[AttendanceRow], facts: Facts, bells: Bells
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
