"""The plan of a day of meetings, case by case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.planning.days import CODES, RULES, row
from tests.planning.meeting_days import (
    FOUR,
    MARKS_MISSED,
    ONLY_CURRENT,
    arrives,
    leaves,
    meeting,
    plan,
    told,
)
from vmps.models import Cause, Outcome
from vmps.services.planning.day import BLANK, Before, Write

T, ED = frozenset({"T"}), frozenset({"ED"})
KEEPS_FIRST = replace(RULES, keeps_first=True)


@pytest.mark.parametrize(
    ("time", "slots"),
    [
        ("8:05", {"P1": "T"}),
        ("8:49", {"P1": "T"}),
        ("8:50", {"P2": "T"}),
        ("8:54", {"P2": "T"}),
        ("9:00", {"P2": "T"}),
        ("11:19", {"P4": "T"}),
    ],
)
def test_an_arrival_marks_the_current_or_the_next_meeting(
    time: str, slots: dict[str, str]
) -> None:
    assert told(plan(arrives(time))) == slots


@pytest.mark.parametrize(
    ("time", "slots"),
    [
        ("8:49", {"P1": "T"}),
        ("8:50", {"P1": "A", "P2": "T"}),
        ("10:00", {"P1": "A", "P2": "A", "P3": "T"}),
    ],
)
def test_a_school_may_mark_what_was_missed(time: str, slots: dict[str, str]) -> None:
    assert told(plan(arrives(time), rules=MARKS_MISSED)) == slots


@pytest.mark.parametrize(
    ("time", "detail"),
    [
        ("7:40", "checked in 7:40 AM, the first class starts 8:05 AM"),
        ("11:20", "checked in 11:20 AM, the last class ended 11:20 AM"),
    ],
)
def test_an_arrival_outside_the_day_is_refused(time: str, detail: str) -> None:
    made = plan(arrives(time), rules=MARKS_MISSED)
    verdict = made.verdicts[1]
    assert (made.writes, verdict.cause, verdict.detail) == (
        (),
        Cause.NO_MEETING,
        detail,
    )


def test_a_day_without_meetings_refuses() -> None:
    verdict = plan(arrives("9:00"), meetings=()).verdicts[1]
    assert (verdict.cause, verdict.detail) == (Cause.NO_MEETING, "none that day")


@pytest.mark.parametrize(
    ("time", "slots"),
    [
        ("7:40", ["P1", "P2", "P3", "P4"]),
        ("9:00", ["P2", "P3", "P4"]),
        ("9:42", ["P3", "P4"]),
        ("11:00", ["P4"]),
    ],
)
def test_a_dismissal_marks_the_current_and_all_that_follow(
    time: str, slots: list[str]
) -> None:
    assert told(plan(leaves(time))) == dict.fromkeys(slots, "ED")


def test_a_dismissal_marks_only_the_current_one_by_choice() -> None:
    assert told(plan(leaves("9:42"), rules=ONLY_CURRENT)) == {"P3": "ED"}


def test_the_remaining_meetings_may_have_a_code_of_their_own() -> None:
    rules = replace(RULES, remaining_code="A")
    assert told(plan(leaves("10:00"), rules=rules)) == {"P3": "ED", "P4": "A"}


def test_a_dismissal_after_the_last_meeting_is_refused() -> None:
    verdict = plan(leaves("11:25")).verdicts[2]
    assert verdict.detail == "checked out 11:25 AM, the last class ended 11:20 AM"


def test_all_sections_of_a_period_are_marked() -> None:
    meetings = (*FOUR[:3], meeting("P4", "9:45", "10:30"))
    made = plan(arrives("10:00"), meetings=meetings)
    assert told(made) == {"P3": "T", "P4": "T"}


def test_a_return_takes_the_later_codes_back_and_keeps_what_was_missed() -> None:
    events = leaves("8:30"), arrives("10:00", 3)
    held = {m.slot: row("ED", "Early check-out 8:30 AM, Dentist") for m in FOUR}
    made = plan(*events, rows=held, ours={m.slot: ED for m in FOUR})
    assert told(made) == {"P3": "T", "P4": BLANK}
    assert made.writes[1].comment == ""
    assert {v.outcome for v in made.verdicts.values()} == {
        Outcome.ALREADY_THERE,
        Outcome.WRITTEN,
    }


def test_a_return_leaves_what_somebody_changed_since() -> None:
    held = {"P4": row("FT")}
    made = plan(leaves("8:30"), arrives("10:00", 3), rows=held, ours={"P4": ED})
    assert told(made) == {"P1": "ED", "P2": "ED", "P3": "T"}


def test_what_was_missed_while_away_gets_the_missed_code_where_unmarked() -> None:
    rules = replace(MARKS_MISSED, marks_remaining=False)
    made = plan(leaves("8:30"), arrives("10:40", 3), rules=rules)
    assert told(made) == {"P1": "ED", "P2": "A", "P3": "A", "P4": "T"}


def test_who_is_back_before_the_first_meeting_missed_nothing() -> None:
    held = {m.slot: row("ED") for m in FOUR}
    ours = {m.slot: ED for m in FOUR}
    made = plan(leaves("7:30"), arrives("7:50", 3), rows=held, ours=ours)
    assert told(made) == {m.slot: BLANK for m in FOUR}
    assert made.verdicts[2].covered_by == 3
    assert made.verdicts[3].outcome is Outcome.WRITTEN


def test_who_was_here_already_missed_nothing_before_a_second_late_check_in() -> None:
    made = plan(arrives("8:14"), arrives("10:00", 3), rules=MARKS_MISSED)
    assert told(made) == {"P1": "T", "P3": "T"}


def test_who_left_unmarked_was_here_before() -> None:
    gone = leaves("9:00", code=None)
    made = plan(gone, arrives("10:00", 3), rules=MARKS_MISSED)
    assert told(made) == {"P3": "T"}
    assert made.verdicts[2].cause is Cause.UNMAPPED_REASON


def test_the_later_event_wins_a_meeting() -> None:
    made = plan(arrives("9:00"), leaves("9:20"), rules=ONLY_CURRENT)
    both = "Late check-in 9:00 AM, Bus late; Early check-out 9:20 AM, Dentist"
    assert made.writes == (Write("ED", both, "P2"),)
    assert made.verdicts[1].covered_by == 2


def test_a_school_may_keep_the_first_code_of_a_meeting() -> None:
    made = plan(arrives("9:00"), leaves("9:20"), rules=KEEPS_FIRST)
    assert told(made) == {"P2": "T", "P3": "ED", "P4": "ED"}
    assert made.verdicts[2].outcome is Outcome.WRITTEN


def test_a_code_that_must_stay_refuses_the_event_of_its_meeting() -> None:
    made = plan(arrives("10:00"), rules=MARKS_MISSED, rows={"P3": row("S")})
    assert made.writes == ()
    verdict = made.verdicts[1]
    assert (verdict.cause, verdict.detail) == (Cause.ALREADY_MARKED, "S in P3")


def test_a_code_that_must_stay_in_another_meeting_is_left_and_told() -> None:
    made = plan(leaves("9:00"), rows={"P4": row("S")})
    assert told(made) == {"P2": "ED", "P3": "ED"}
    assert made.verdicts[2].detail == "left P4 as S"


def test_a_dismissal_does_not_take_over_what_refused_a_return() -> None:
    made = plan(leaves("8:30"), arrives("10:00", 3), rows={"P3": row("FT")})
    assert told(made) == {"P1": "ED", "P2": "ED", "P4": "ED"}
    assert made.verdicts[3].detail == "FT in P3"


def test_an_absence_may_be_replaced_where_the_school_says_so() -> None:
    assert told(plan(arrives("9:00"), rows={"P2": row("A")})) == {"P2": "T"}


@pytest.mark.parametrize(
    ("missing", "rules"),
    [("A", MARKS_MISSED), ("XX", replace(RULES, missed_code="XX"))],
)
def test_a_missed_code_that_the_school_lacks_refuses(
    missing: str, rules: object
) -> None:
    made = plan(arrives("9:00"), rules=rules, codes=CODES - {missing})
    verdict = made.verdicts[1]
    assert (verdict.cause, verdict.detail) == (Cause.CODE_MISSING, missing)


def test_a_remaining_code_that_the_school_lacks_refuses() -> None:
    made = plan(leaves("9:00"), rules=replace(RULES, remaining_code="XX"))
    assert made.verdicts[2].detail == "XX"


def test_a_void_clears_every_meeting_that_was_ours() -> None:
    lines = "Called home; Late check-in 9:00 AM, Bus late"
    held = {"P1": row("A"), "P2": row("T", lines), "P3": row("T")}
    ours = {"P1": frozenset({"A"}), "P2": T}
    made = plan(arrives("9:00", is_void=True), rows=held, ours=ours)
    assert told(made) == {"P1": BLANK, "P2": BLANK}
    assert made.writes[1].comment == "Called home"


def test_a_void_puts_back_what_stood_in_each_meeting() -> None:
    held = {"P2": row("T"), "P3": row("T")}
    around: dict[str, Any] = {
        "rows": held,
        "ours": {"P2": T, "P3": T},
        "before": {"P2": Before("A"), "P3": Before()},
    }
    made = plan(arrives("9:00", is_void=True), **around)
    assert told(made) == {"P2": "A", "P3": BLANK}
    assert made.verdicts[1].detail == "A is back in P2"
    refused = plan(arrives("9:00", is_void=True), **around, codes=CODES - {"A"})
    assert (refused.writes, refused.verdicts[1].detail) == ((), "A")


def test_a_return_puts_back_what_the_dismissal_replaced() -> None:
    held = {"P1": row("ED"), "P2": row("ED"), "P3": row("ED"), "P4": row("ED")}
    ours = dict.fromkeys(held, frozenset({"ED"}))
    around: dict[str, Any] = {"rows": held, "ours": ours, "before": {"P3": Before("A")}}
    made = plan(leaves("8:20"), arrives("9:00", id=2), **around)
    assert told(made) == {"P1": "ED", "P2": "T", "P3": "A", "P4": BLANK}
    refused = plan(leaves("8:20"), arrives("9:00", id=2), **around, codes=CODES - {"A"})
    assert refused.verdicts[2].detail == "A"


def test_a_void_without_a_blank_code_needs_a_person() -> None:
    made = plan(
        arrives("9:00", is_void=True),
        rows={"P2": row("T")},
        ours={"P2": T},
        codes=CODES - {BLANK},
    )
    assert (made.writes, made.verdicts[1].cause) == ((), Cause.CODE_MISSING)


def test_a_corrected_time_moves_the_code() -> None:
    made = plan(arrives("9:00"), rows={"P1": row("T")}, ours={"P1": T})
    assert told(made) == {"P1": BLANK, "P2": "T"}


def test_a_correction_without_a_blank_code_changes_nothing() -> None:
    made = plan(
        arrives("9:00"), rows={"P1": row("T")}, ours={"P1": T}, codes=CODES - {BLANK}
    )
    assert (made.writes, made.verdicts[1].cause) == ((), Cause.CODE_MISSING)


def test_what_an_unmapped_reason_wrote_before_stays() -> None:
    made = plan(arrives("9:00", code=None), rows={"P2": row("T")}, ours={"P2": T})
    assert made.writes == ()


def test_a_class_that_left_the_schedule_is_not_written() -> None:
    made = plan(arrives("9:00", is_void=True), rows={"P7": row("T")}, ours={"P7": T})
    assert made.writes == ()


def test_a_half_day_marks_only_its_meetings() -> None:
    assert told(plan(leaves("8:30"), meetings=FOUR[:2])) == {"P1": "ED", "P2": "ED"}


def test_an_event_by_hand_stands_for_its_meetings() -> None:
    made = plan(leaves("9:00", is_by_hand=True), arrives("8:14"), ours={"P3": ED},
                rows={"P3": row("ED")})  # fmt: skip
    assert told(made) == {"P1": "T"}


def test_a_return_by_hand_takes_nothing_back() -> None:
    held = {m.slot: row("ED", "Early check-out 8:30 AM, Dentist") for m in FOUR}
    made = plan(leaves("8:30"), arrives("10:00", 3, is_by_hand=True), rows=held,
                ours={m.slot: ED for m in FOUR})  # fmt: skip
    assert made.writes == ()


def test_planned_twice_the_same_is_already_there() -> None:
    held = {"P2": row("T", "Late check-in 9:00 AM, Bus late")}
    made = plan(arrives("9:00"), rows=held, ours={"P2": T})
    assert made.verdicts[1].outcome is Outcome.ALREADY_THERE
