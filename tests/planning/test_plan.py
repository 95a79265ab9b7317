"""The plan of a day, case by case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.planning.days import (
    BELLS,
    CHICAGO,
    CODES,
    bell,
    dismissal,
    event,
    plan,
    row,
)
from vmps.models import Cause, Outcome
from vmps.services.planning.day import BLANK, Before, DayEvent, Rules, Verdict, Write
from vmps.services.planning.school_day import LEAST_DAY_SECONDS

KEEPS_FIRST = Rules(CHICAGO, keeps_first=True)
IN_LINE = "Late check-in 8:14 AM, Bus late"
OUT_LINE = "Early check-out 1:14 PM, Dentist"


@pytest.mark.parametrize(
    ("existing", "ours", "written"),
    [
        (None, "", True),
        (row(BLANK), "", True),
        (row("T"), "", False),
        (row("T", IN_LINE), "T", False),
        (row("T", "Called home"), "T", True),
        (row("A"), "", True),
        (row("FT"), "", False),
        (row("ED"), "ED", True),
        (row("S"), "", False),
        (row("S"), "S", False),
        (row("#7"), "", False),
    ],
)
def test_existing_attendance_decides_whether_a_late_check_in_is_written(
    existing: Any, ours: str, written: bool
) -> None:
    made = plan(event(), existing=existing, our_codes=frozenset({ours}))
    assert bool(made.write) is written


@pytest.mark.parametrize("code", ["S", "FT", "ED", "#7"])
def test_what_is_not_overwritten_is_named(code: str) -> None:
    verdict = plan(event(), existing=row(code)).verdicts[1]
    assert (verdict.cause, verdict.detail) == (Cause.ALREADY_MARKED, code)


def test_an_early_check_out_replaces_a_code_of_presence() -> None:
    assert plan(dismissal(), existing=row("FT")).write == Write("ED", OUT_LINE)


def test_an_early_check_out_leaves_a_protected_code_of_presence() -> None:
    rules = Rules(CHICAGO, protected=frozenset({"FT"}))
    assert plan(dismissal(), existing=row("FT"), rules=rules).write is None


def test_an_early_check_out_leaves_an_absence() -> None:
    made = plan(dismissal(), existing=row("A"), rules=Rules(CHICAGO))
    assert made.verdicts[2].cause is Cause.ALREADY_MARKED


def test_the_later_event_wins_and_covers_the_other() -> None:
    made = plan(event(), dismissal())
    assert made.write == Write("ED", f"{IN_LINE}; {OUT_LINE}")
    assert made.verdicts[1].covered_by == 2
    assert made.verdicts[2].outcome is Outcome.WRITTEN


def test_a_school_may_keep_the_first_code() -> None:
    made = plan(event(), dismissal(), rules=KEEPS_FIRST)
    assert made.write == Write("T", f"{IN_LINE}; {OUT_LINE}")
    assert made.verdicts[2].covered_by == 1


def test_the_voided_winner_gives_way_to_the_other() -> None:
    held = row("ED", f"{IN_LINE}; {OUT_LINE}")
    gone = dismissal(is_void=True)
    made = plan(event(), gone, existing=held, our_codes=frozenset({"ED"}))
    assert made.write == Write("T", IN_LINE)
    assert made.verdicts[2].outcome is Outcome.VOIDED


def test_a_void_of_all_puts_the_blank_code_back() -> None:
    held = row("T", f"Called home; {IN_LINE}")
    made = plan(event(is_void=True), existing=held, our_codes=frozenset({"T"}))
    assert made.write == Write(BLANK, "Called home")


def test_a_void_of_all_puts_back_what_we_replaced() -> None:
    gone = event(is_void=True)
    replaced: dict[str, Any] = {"our_codes": frozenset({"T"}), "before": Before("A")}
    made = plan(gone, existing=row("T", IN_LINE), **replaced)
    assert made.write == Write("A", "")
    assert made.verdicts[1] == Verdict(Outcome.VOIDED, Cause.VOIDED, "A is back")
    gone_too = plan(gone, existing=row("T"), codes=CODES - {"A"}, **replaced)
    assert gone_too.verdicts[1] == Verdict(Outcome.REFUSED, Cause.CODE_MISSING, "A")
    assert plan(gone, existing=row("A"), **replaced).writes == ()


def test_what_was_sent_before_the_bells_changed_stands() -> None:
    left = dismissal(1, minutes=400, is_settled=True)
    held: dict[str, Any] = {"existing": row("ED"), "our_codes": frozenset({"ED", "T"})}
    made = plan(left, event(2, is_void=True), bells=BELLS["until eight"], **held)
    assert made.write == Write("ED", "Early check-out 2:54 PM, Dentist")
    assert made.verdicts[1].outcome is Outcome.WRITTEN


@pytest.mark.parametrize(
    ("existing", "ours"), [(None, "T"), (row("T"), ""), (row("A"), "T"), (row(""), "")]
)
def test_a_void_leaves_what_is_not_ours(existing: Any, ours: str) -> None:
    gone = event(is_void=True)
    made = plan(gone, existing=existing, our_codes=frozenset({ours}))
    assert made.write is None
    assert made.verdicts[1].outcome is Outcome.VOIDED


def test_a_void_without_a_blank_code_needs_a_person() -> None:
    made = plan(
        event(is_void=True),
        existing=row("T"),
        our_codes=frozenset({"T"}),
        codes=CODES - {BLANK},
    )
    assert made.write is None
    assert made.verdicts[1].cause is Cause.CODE_MISSING


@pytest.mark.parametrize(
    ("code", "cause"), [(None, Cause.UNMAPPED_REASON), ("GONE", Cause.CODE_MISSING)]
)
def test_an_unusable_event_fails_and_the_others_go_on(
    code: str | None, cause: Cause
) -> None:
    made = plan(event(code=code), dismissal())
    assert made.verdicts[1].cause is cause
    assert made.write == Write("ED", OUT_LINE)


def test_a_line_that_begins_another_is_told_apart() -> None:
    bus, late = event(1, reason="Bus"), event(2, reason="Bus late")
    write = plan(bus, late).write
    assert write
    assert write.comment == f"Late check-in 8:14 AM, Bus; {IN_LINE}"


def test_voiding_a_line_that_begins_another_leaves_the_other_whole() -> None:
    events: list[DayEvent] = [event(1, reason="Bus", is_void=True), event(2)]
    held = row("T", IN_LINE)
    assert plan(*events, existing=held, our_codes=frozenset({"T"})).write is None


def test_what_a_clerk_added_to_our_line_stays() -> None:
    held = row("T", f"{IN_LINE} - ok by Ms. Hill")
    made = plan(event(), dismissal(), existing=held, our_codes=frozenset({"T"}))
    assert made.write == Write("ED", f"{IN_LINE} - ok by Ms. Hill; {OUT_LINE}")


def test_a_comment_that_cannot_be_read_is_not_replaced() -> None:
    held = row("A", comment_is_known=False)
    assert plan(event(), existing=held).write == Write("T", None)


HALF_DAY = [bell("8:00", "9:30"), bell("9:40", "12:00")]
NOON = 3 * 60 + 46  # minutes after 8:14, and five seconds


@pytest.mark.parametrize("minutes", [NOON, NOON + 65])
@pytest.mark.parametrize("make", [event, dismissal])
def test_what_comes_after_the_last_bell_is_refused_with_the_times(
    make: Any, minutes: int
) -> None:
    made = plan(make(1, minutes), bells=HALF_DAY)
    assert made.writes == ()
    assert made.verdicts[1].cause is Cause.OUTSIDE_DAY
    at = "12:00 PM" if minutes == NOON else "1:05 PM"
    hours = "the day starts at 8:00 AM, ends at 12:00 PM"
    assert made.verdicts[1].detail == f"it happened at {at}, {hours}"


@pytest.mark.parametrize("minutes", [-120, -20, 0, NOON - 1])
def test_what_comes_before_is_written_also_before_the_first_bell(minutes: int) -> None:
    assert plan(event(1, minutes), bells=HALF_DAY).write


@pytest.mark.parametrize("name", ["none", "a homeroom"])
def test_bells_that_tell_no_school_day_refuse_nothing(name: str) -> None:
    assert plan(event(), bells=BELLS[name]).write


def test_two_hours_are_a_school_day() -> None:
    ends = 10 * 3600
    for starts, is_written in ((ends - LEAST_DAY_SECONDS, False), (ends - 7199, True)):
        bells = [replace(bell("8:00", "10:00"), starts=starts)]
        assert bool(plan(dismissal(), bells=bells).write) is is_written


def test_the_day_s_other_events_are_sent_without_the_refused_one() -> None:
    made = plan(event(), dismissal(), bells=HALF_DAY)
    assert made.write == Write("T", IN_LINE)
    assert made.verdicts[1].outcome is Outcome.WRITTEN
    assert made.verdicts[2].cause is Cause.OUTSIDE_DAY


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"is_void": True}, Cause.VOIDED),
        ({"is_by_hand": True}, Cause.ALREADY_THERE),
        ({"is_held_back": True}, Cause.SCHOOL_DISABLED),
    ],
)
def test_what_is_not_sent_anyway_is_not_refused_for_the_time(
    more: dict[str, Any], cause: Cause
) -> None:
    assert plan(dismissal(**more), bells=HALF_DAY).verdicts[2].cause is cause


def test_a_void_of_what_came_after_the_last_bell_still_clears() -> None:
    held = row("ED", OUT_LINE)
    gone = dismissal(is_void=True)
    made = plan(gone, existing=held, our_codes=frozenset({"ED"}), bells=HALF_DAY)
    assert made.write == Write(BLANK, "")
