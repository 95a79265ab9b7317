"""Days of a school in Time mode: six classes from 8:00 to 14:00, ten minutes apart."""

from __future__ import annotations

from typing import Any

from tests.planning.days import CODES, NOBODYS, PRESENCE, RULES
from vmps.powerschool import BellTime
from vmps.services.planning.day import DayEvent, DayPlan, Existing, Write
from vmps.services.planning.minutes import TimeDay, plan_minutes

HOUR = 3600
#: 50 minutes each: 8:00 to 8:50, 9:00 to 9:50 … 13:00 to 13:50.
BELLS = [
    BellTime(number, (7 + number) * HOUR, (7 + number) * HOUR + 3000, str(number))
    for number in range(1, 7)
]
WHOLE_DAY = 300
OUR_ROW = 10_001


def time_row(code: str, minutes: int, dcid: int = 77, **more: Any) -> Existing:
    """A row of PowerSchool in Time mode, somebody else's."""
    given: dict[str, Any] = {"comment": ""} | more
    presence = PRESENCE.get(code, "Absent")
    return Existing(code, presence, minutes=minutes, dcid=dcid, **given)


def time_plan(
    *events: DayEvent,
    rows: tuple[Existing, ...] = (),
    our_rows: frozenset[int] = frozenset(),
    our_codes: frozenset[str] = NOBODYS,
    bells: list[BellTime] = BELLS,
    **more: Any,
) -> DayPlan:
    """Plan a day of these events; by default PowerSchool holds nothing."""
    held = {name: more.pop(name) for name in ("is_ambiguous", "before") if name in more}
    given: dict[str, Any] = {"rules": RULES, "codes": CODES} | more
    day = TimeDay(rows, our_rows, our_codes, **held)
    return plan_minutes(events, bells=bells, held=day, **given)


def after(plan: DayPlan, rows: tuple[Existing, ...]) -> tuple[Existing, ...]:
    """Return the rows after the plan's writes, as PowerSchool keeps them."""
    kept = {row.dcid: row for row in rows}
    for write in plan.writes:
        dcid = write.dcid or OUR_ROW
        kept[dcid] = _written(write, dcid, kept.get(dcid))
    return tuple(kept.values())


def _written(write: Write, dcid: int, row: Existing | None) -> Existing:
    comment = write.comment
    if comment is None:
        comment = row.comment if row else ""
    return time_row(write.code, write.minutes or 0, dcid, comment=comment)
