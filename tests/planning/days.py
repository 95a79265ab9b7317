"""Days to plan: events, rules and rows with defaults, and strategies that make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from vmps.models import EventType
from vmps.powerschool import BellTime
from vmps.services.planning.daily import plan_day
from vmps.services.planning.day import (
    BLANK,
    PRESENT,
    DayEvent,
    DayPlan,
    Existing,
    Rules,
)
from vmps.simulator.schedules import seconds_of

CHICAGO = ZoneInfo("America/Chicago")
#: 8:14 in Chicago.
MORNING = datetime(2026, 11, 23, 14, 14, 5, tzinfo=UTC)
IN, OUT = EventType.LATE_CHECK_IN, EventType.EARLY_CHECK_OUT
CODES = frozenset({BLANK, "T", "ED", "A", "S", "FT"})
RULES = Rules(CHICAGO, frozenset({"A"}), frozenset({"S"}))
PRESENCE = {BLANK: "Present", "T": "Present", "ED": "Present", "FT": "Present"}
NOBODYS: frozenset[str] = frozenset()


def bell(starts: str, ends: str) -> BellTime:
    """One period of the day, as `8:00` to `8:50`."""
    return BellTime(1, seconds_of(starts), seconds_of(ends), "")


#: 8:14 to 8:20, when events of `days` happen, is within, partly after, or all after.
BELLS = {
    "none": [],
    "a homeroom": [bell("8:00", "8:10")],
    "until three": [bell("13:00", "15:00"), bell("8:00", "11:30")],
    "until 8:17": [bell("6:10", "7:00"), bell("7:00", "8:17")],
    "until eight": [bell("6:00", "8:00")],
}


def event(id: int = 1, minutes: int = 0, **more: Any) -> DayEvent:
    """A late check-in at 8:14 plus `minutes`, mapped to T."""
    given: dict[str, Any] = {"type": IN, "reason": "Bus late", "code": "T"} | more
    return DayEvent(id=id, occurred_at=MORNING + timedelta(minutes=minutes), **given)


def dismissal(id: int = 2, minutes: int = 300, **more: Any) -> DayEvent:
    """An early check-out five hours later, mapped to ED."""
    given = {"type": OUT, "reason": "Dentist", "code": "ED"} | more
    return event(id, minutes, **given)


def row(code: str, comment: str = "", **more: Any) -> Existing:
    """A row of PowerSchool."""
    return Existing(code, PRESENCE.get(code, "Absent"), comment, **more)


def plan(*events: DayEvent, **more: Any) -> DayPlan:
    """Plan a day of these events; by default PowerSchool holds nothing."""
    given: dict[str, Any] = {
        "rules": RULES,
        "existing": None,
        "our_codes": NOBODYS,
        "before": PRESENT,
        "codes": CODES,
    }
    return plan_day(events, **(given | more))


def applied(plan: DayPlan, existing: Existing | None) -> Existing | None:
    """Return the row after the plan's write, as PowerSchool keeps it."""
    if plan.write is None:
        return existing
    known = existing is None or existing.comment_is_known
    held = existing.comment if existing else ""
    comment = held if plan.write.comment is None else plan.write.comment
    return replace(row(plan.write.code, comment), comment_is_known=known)


words = st.sampled_from(["Bus late", "Bus", "late", "Dentist", "", "Bus; late"])
codes = st.sampled_from([None, "T", "ED", "A", "GONE"])


@st.composite
def days(draw: st.DrawFn) -> list[DayEvent]:
    """Up to five events, some void, unmapped, or at the same minute."""
    return [
        event(
            number,
            draw(st.integers(0, 6)),
            type=draw(st.sampled_from([IN, OUT])),
            reason=draw(words),
            code=draw(codes),
            is_void=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]


texts = st.sampled_from(
    [
        "",
        "Called home",
        "Late check-in 8:14 AM, Bus late",
        "Called home; Late check-in 8:14 AM, Bus",
        "Late check-in 8:15 AM, Bus; late; Called home",
    ]
)
rows = st.none() | st.builds(
    row,
    st.sampled_from([*sorted(CODES), "#7"]),
    texts,
    comment_is_known=st.booleans(),
)
rules = st.builds(
    Rules,
    st.just(CHICAGO),
    st.sampled_from([NOBODYS, frozenset({"A"}), frozenset({"A", "S", "FT"})]),
    st.sampled_from([NOBODYS, frozenset({"S"}), frozenset({"S", "T"})]),
    st.booleans(),
)
owned = st.frozensets(st.sampled_from(["T", "ED", "A", BLANK]))
bells = st.sampled_from([*BELLS.values()])
known_codes = st.sampled_from(
    [CODES, CODES - {BLANK}, frozenset({"T", BLANK}), NOBODYS]
)
