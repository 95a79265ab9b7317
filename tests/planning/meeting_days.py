"""School days of meetings: a timetable, events at times of it, and strategies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.planning.days import CHICAGO, CODES, IN, NOBODYS, OUT, RULES, row
from vmps.services.planning.day import BLANK, DayEvent, DayPlan, Existing, Rules
from vmps.services.planning.meetings import plan_meetings
from vmps.services.planning.timetable import MeetingTime

DAY = date(2026, 11, 23)
MARKS_MISSED = replace(RULES, missed_code="A")
ONLY_CURRENT = replace(RULES, marks_remaining=False)


def clock(text: str) -> int:
    """Return `8:05` in seconds since midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def meeting(name: str, starts: str, ends: str) -> MeetingTime:
    """A meeting whose slot is its name."""
    return MeetingTime(name, clock(starts), clock(ends), name)


FOUR = (
    meeting("P1", "8:05", "8:50"),
    meeting("P2", "8:55", "9:40"),
    meeting("P3", "9:45", "10:30"),
    meeting("P4", "10:35", "11:20"),
)


def at(text: str) -> datetime:
    """Return that time of the day, by the school's clock."""
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=CHICAGO)
    return midnight + timedelta(seconds=clock(text))


def arrives(time: str, id: int = 1, **more: Any) -> DayEvent:
    """A late check-in, mapped to T."""
    given: dict[str, Any] = {"type": IN, "reason": "Bus late", "code": "T"} | more
    return DayEvent(id=id, occurred_at=at(time), **given)


def leaves(time: str, id: int = 2, **more: Any) -> DayEvent:
    """An early check-out, mapped to ED."""
    return arrives(
        time, id, **({"type": OUT, "reason": "Dentist", "code": "ED"} | more)
    )


def plan(*events: DayEvent, **more: Any) -> DayPlan:
    """Plan a day of four meetings; by default PowerSchool holds nothing."""
    given: dict[str, Any] = {
        "meetings": FOUR,
        "day": DAY,
        "rules": RULES,
        "rows": {},
        "ours": {},
        "before": {},
        "codes": CODES,
    }
    return plan_meetings(events, **(given | more))


def told(made: DayPlan) -> dict[str, str]:
    """Return the codes written, by slot."""
    return {write.slot: write.code for write in made.writes}


def applied(made: DayPlan, around: dict[str, Any]) -> dict[str, Any]:
    """Return the surroundings after the plan's writes, as PowerSchool keeps them."""
    rows: dict[str, Existing] = dict(around.get("rows", {}))
    ours: dict[str, frozenset[str]] = dict(around.get("ours", {}))
    for write in made.writes:
        held = rows.get(write.slot)
        comment = write.comment
        if comment is None:
            comment = held.comment if held else ""
        known = held is None or held.comment_is_known
        rows[write.slot] = row(write.code, comment, comment_is_known=known)
        ours[write.slot] = ours.get(write.slot, NOBODYS) | {write.code}
    return around | {"rows": rows, "ours": ours}


times = st.sampled_from(
    ["7:40", "8:00", "8:05", "8:14", "8:30", "8:52", "9:00", "9:39", "9:42", "10:00",
     "10:30", "10:34", "10:40", "11:19", "11:20", "12:00"]
)  # fmt: skip
codes = st.sampled_from([None, "T", "ED", "A", "GONE"])
slots = st.sampled_from(["P1", "P2", "P3", "P4", "X9"])


@st.composite
def days(draw: st.DrawFn) -> list[DayEvent]:
    """Up to five events, some void, by hand, unmapped, or at the same minute."""
    return [
        arrives(
            draw(times),
            number,
            type=draw(st.sampled_from([IN, OUT])),
            reason=draw(st.sampled_from(["Bus late", "Bus", ""])),
            code=draw(codes),
            is_void=draw(st.sampled_from([False, False, False, True])),
            is_by_hand=draw(st.sampled_from([False, False, False, False, True])),
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]


marks = st.builds(
    row,
    st.sampled_from([*sorted(CODES), "#7"]),
    st.sampled_from(["", "Called home", "Late check-in 8:14 AM, Bus late"]),
    comment_is_known=st.booleans(),
)
rules = st.builds(
    Rules,
    st.just(CHICAGO),
    st.sampled_from([NOBODYS, frozenset({"A"}), frozenset({"A", "S", "FT"})]),
    st.sampled_from([NOBODYS, frozenset({"S"}), frozenset({"S", "T"})]),
    st.booleans(),
    st.sampled_from(["", "A", "UA"]),
    st.booleans(),
    st.sampled_from(["", "ED", "XX"]),
)
#: Two sections at a time; a gap in the middle; an ordinary day; a half day; none.
timetables = st.sampled_from(
    [
        FOUR,
        FOUR,
        FOUR[:2],
        (FOUR[0], FOUR[3]),
        (*FOUR[:3], meeting("P4", "9:45", "10:30")),
        (FOUR[0], meeting("P2", "8:30", "9:40"), *FOUR[2:]),
        (),
    ]
)
surroundings = st.fixed_dictionaries(
    {
        "meetings": timetables,
        "rules": rules,
        "rows": st.dictionaries(slots, marks, max_size=4),
        "ours": st.dictionaries(
            slots, st.frozensets(st.sampled_from(["T", "ED", "A", BLANK])), max_size=4
        ),
        "codes": st.sampled_from(
            [CODES, CODES, CODES - {BLANK}, frozenset({"T", BLANK}), NOBODYS]
        ),
    }
)


def rows_of(around: dict[str, Any]) -> Mapping[str, Existing]:
    """Return what PowerSchool holds in these surroundings."""
    found: Mapping[str, Existing] = around["rows"]
    return found
