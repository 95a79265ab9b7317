"""Daily mode: one row a student and day, which PowerSchool finds by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from vmps.powerschool import AttendanceMode, AttendanceRow, Deadline
from vmps.services.link import Facts, Link
from vmps.services.modes.day_rows import key_of_record, records_of, written_rows
from vmps.services.modes.mode import Held
from vmps.services.modes.one_row import Bells, OneRowMode
from vmps.services.modes.ranges import one_range
from vmps.services.order import Written
from vmps.services.planning.daily import plan_day
from vmps.services.planning.day import BLANK, DAY, PRESENT, DayPlan, Existing
from vmps.services.planning.leftovers import former_place
from vmps.services.planning.school_day import find_after
from vmps.services.workload import Unit


class DailyMode(OneRowMode):
    """One row a day: the endpoint inserts or updates it by itself."""

    mode = AttendanceMode.DAILY
    row_modes: Collection[AttendanceMode] = (AttendanceMode.DAILY,)
    needs_bells = False

    def plan(self, unit: Unit, held: Held, facts: Facts, *, now: datetime) -> DayPlan:
        """Return at most one write, for the day's one row."""
        return plan_day(
            unit.events,
            rules=unit.school.rules,
            existing=held.rows.get(DAY),
            our_codes=unit.ours.get(DAY, frozenset()),
            before=unit.before.get(DAY, PRESENT),
            codes=facts.codes,
            bells=held.bells,
        )

    def is_outside(self, unit: Unit, held: Held) -> bool:
        """Tell whether an event came after the last bell."""
        return any(find_after(unit.events, held.bells, unit.school.rules.zone))

    def name_left(self, held: Held, slot: str) -> str:
        """Return what another mode of the school wrote to."""
        return "" if slot == DAY else former_place(slot)

    def read_back(
        self, link: Link, written: Sequence[Written], deadline: Deadline
    ) -> set[Unit]:
        """Return the units whose row holds the code we wrote."""
        rows = dict(written_rows(link, written, self.mode, deadline, cut=one_range))
        return {
            item.order.unit
            for item in written
            for record in records_of(item.order)
            if (row := rows.get(key_of_record(record)))
            and row.code_id == record.code_id
        }

    def hold(
        self, link: Link, rows: Sequence[AttendanceRow], facts: Facts, bells: Bells
    ) -> Held:
        """No row means present; a new one gets a comment only where we may read it."""
        if not rows:
            if link.client.reads_comments:
                return Held({}, bells)
            unread = Existing(BLANK, None, "", comment_is_known=False)
            return Held({DAY: unread}, bells)
        row = rows[-1]
        code = facts.texts.get(row.code_id or 0, f"#{row.code_id}")
        existing = Existing(
            code=code,
            presence=facts.presence.get(code),
            comment=row.comment or BLANK,
            comment_is_known=row.comment_is_known,
        )
        return Held({DAY: existing}, bells)
