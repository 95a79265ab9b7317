"""Time mode: the minutes attended, in one row of ours a day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.planning.days import CODES, RULES, days, dismissal, event
from tests.planning.minutes import (
    BELLS,
    OUR_ROW,
    WHOLE_DAY,
    after,
    time_plan,
    time_row,
)
from vmps.models import Cause, Outcome
from vmps.powerschool import BellTime
from vmps.services.planning.day import BLANK, MINUTES, Before, DayEvent, Existing, Write
from vmps.services.planning.minutes import mark_of, minutes_attended

AT_8_14 = "Late check-in 8:14 AM, Bus late"
#: 8:14:05 to 8:50 is 35 minutes; five classes of 50 follow.
LATE = 285


@pytest.mark.parametrize(
    ("events", "minutes"),
    [
        ([event()], LATE),
        ([event(minutes=40)], 250),  # 8:54, between two classes
        ([event(minutes=300)], 35),  # 13:14, in the last class
        ([dismissal(minutes=300)], WHOLE_DAY - 36),
        ([dismissal(minutes=46)], 50),  # 9:00:05
        ([event(), dismissal(minutes=106)], 36 + 50),  # out at 10:00:05
        ([dismissal(1, minutes=46), event(2, minutes=166)], 50 + 150),
        ([event(), event(2, minutes=60)], LATE),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_minutes_of_class_between_the_events_count(
    events: list[DayEvent], minutes: int
) -> None:
    assert minutes_attended(events, BELLS, RULES.zone) == minutes


def test_periods_that_overlap_count_once() -> None:
    twice = [*BELLS, *BELLS]
    assert minutes_attended([], twice, RULES.zone) == WHOLE_DAY


def test_a_late_check_in_adds_a_row_that_carries_our_mark() -> None:
    plan = time_plan(event())
    comment = f"{AT_8_14}; {mark_of(1)}"
    assert plan.writes == (Write("T", comment, MINUTES, LATE, dcid=None),)
    assert plan.verdicts[1].outcome is Outcome.WRITTEN


def test_a_later_event_changes_the_same_row() -> None:
    row = time_row("T", LATE, OUR_ROW, comment=f"{AT_8_14}; {mark_of(1)}")
    plan = time_plan(
        event(), dismissal(), rows=(row,), our_rows=frozenset({OUR_ROW}),
        our_codes=frozenset({"T"}),
    )  # fmt: skip
    (write,) = plan.writes
    assert (write.code, write.dcid, write.minutes) == ("ED", OUR_ROW, LATE - 35)
    assert plan.verdicts[1].covered_by == 2


def test_a_row_is_ours_by_its_mark_where_the_answer_was_lost() -> None:
    row = time_row("T", LATE, OUR_ROW, comment=f"{AT_8_14}; {mark_of(1)}")
    plan = time_plan(event(), rows=(row,), is_ambiguous=True)
    assert plan.writes == ()
    assert plan.verdicts[1].outcome is Outcome.ALREADY_THERE


def test_a_row_without_a_readable_comment_is_ours_by_its_code_while_in_doubt() -> None:
    row = time_row("T", LATE, comment_is_known=False)
    ours = frozenset({"T"})
    plan = time_plan(event(), rows=(row,), our_codes=ours, is_ambiguous=True)
    assert plan.writes == ()


def test_a_doubled_row_loses_its_minutes() -> None:
    one = time_row("T", LATE, OUR_ROW, comment=f"{AT_8_14}; {mark_of(1)}")
    other = replace(one, dcid=OUR_ROW + 1)
    plan = time_plan(event(), rows=(one, other), our_codes=frozenset({"T"}))
    assert [(w.dcid, w.minutes) for w in plan.writes] == [(OUR_ROW + 1, 0)]


@pytest.mark.parametrize("minutes", [0, 100])
@pytest.mark.parametrize("code", ["S", "FT"])
def test_somebody_s_row_is_not_overwritten(code: str, minutes: int) -> None:
    plan = time_plan(event(), rows=(time_row(code, minutes),))
    assert plan.writes == ()
    verdict = plan.verdicts[1]
    assert (verdict.cause, verdict.detail) == (Cause.ALREADY_MARKED, code)


@pytest.mark.parametrize(("code", "minutes"), [(BLANK, WHOLE_DAY), ("A", 0)])
def test_a_present_or_replaceable_row_is_changed_not_doubled(
    code: str, minutes: int
) -> None:
    (write,) = time_plan(event(), rows=(time_row(code, minutes, 77),)).writes
    assert (write.code, write.dcid, write.minutes) == ("T", 77, LATE)


def test_two_rows_of_others_are_left_alone() -> None:
    rows = (time_row(BLANK, 100, 77), time_row("A", 100, 78))
    plan = time_plan(event(), rows=rows)
    assert plan.writes == ()
    assert plan.verdicts[1].detail == "Present, A"


def test_somebody_s_row_with_the_same_code_stands() -> None:
    plan = time_plan(event(), rows=(time_row("T", 250),))
    assert plan.writes == ()
    assert plan.verdicts[1].outcome is Outcome.ALREADY_THERE


def test_a_void_takes_the_minutes_of_our_row() -> None:
    row = time_row("T", LATE, OUR_ROW, comment=f"{AT_8_14}; {mark_of(1)}")
    gone = event(is_void=True)
    (write,) = time_plan(gone, rows=(row,), our_codes=frozenset({"T"})).writes
    assert write == Write(BLANK, mark_of(1), MINUTES, 0, OUR_ROW)


def test_a_void_gives_a_changed_row_its_whole_day_back() -> None:
    row = time_row("T", LATE, 77, comment=AT_8_14)
    plan = time_plan(
        event(is_void=True), rows=(row,), our_rows=frozenset({77}),
        our_codes=frozenset({"T"}),
    )  # fmt: skip
    (write,) = plan.writes
    assert (write.code, write.minutes, write.dcid) == (BLANK, WHOLE_DAY, 77)


def test_a_void_gives_a_changed_row_its_code_and_minutes_back() -> None:
    plan = time_plan(
        event(is_void=True), rows=(time_row("T", LATE),), our_rows=frozenset({77}),
        our_codes=frozenset({"T"}), before=Before("A", 0),
    )  # fmt: skip
    (write,) = plan.writes
    assert (write.code, write.minutes, write.dcid) == ("A", 0, 77)
    assert plan.verdicts[1].detail == "A is back"


def test_without_comments_a_changed_row_is_given_back_not_emptied() -> None:
    plan = time_plan(
        event(is_void=True), rows=(time_row("T", LATE, comment_is_known=False),),
        our_rows=frozenset({77}), our_codes=frozenset({"T"}), before=Before("A", 0),
    )  # fmt: skip
    (write,) = plan.writes
    assert (write.code, write.minutes, write.comment) == ("A", 0, None)


def test_what_was_sent_before_the_bells_changed_stands() -> None:
    left = dismissal(1, minutes=400, is_settled=True)
    row = time_row("ED", 280, OUR_ROW, comment=mark_of(1))
    plan = time_plan(left, event(2, is_void=True), rows=(row,))
    assert plan.verdicts[1].outcome is not Outcome.REFUSED
    assert [write.code for write in plan.writes] in ([], ["ED"])


def test_a_void_tells_that_a_protected_code_stays() -> None:
    plan = time_plan(
        event(is_void=True), rows=(time_row("S", LATE),), our_rows=frozenset({77}),
        our_codes=frozenset({"S"}),
    )  # fmt: skip
    assert (plan.writes, plan.verdicts[1].detail) == ((), "S is protected and stays")


@pytest.mark.parametrize("minutes", [-30, 400])
def test_an_event_outside_the_day_is_refused_with_the_times(minutes: int) -> None:
    verdict = time_plan(event(minutes=minutes)).verdicts[1]
    assert verdict.cause is Cause.OUTSIDE_DAY
    assert verdict.detail.endswith("the day starts at 8:00 AM, ends at 1:50 PM")


def test_without_bell_times_no_minutes_are_invented() -> None:
    plan = time_plan(event(), bells=[])
    assert plan.writes == ()
    assert plan.verdicts[1].cause is Cause.NO_BELL_TIMES


def test_what_cannot_be_sent_still_counts_for_the_minutes() -> None:
    unmapped = dismissal(1, minutes=46, code=None)
    (write,) = time_plan(unmapped, event(2, minutes=166)).writes
    assert write.minutes == 50 + 150


rows = st.lists(
    st.builds(
        time_row,
        st.sampled_from([*sorted(CODES), "#7"]),
        st.sampled_from([0, 100, LATE, WHOLE_DAY]),
        st.integers(70, 90),
        comment=st.sampled_from(["", "Called home", f"{AT_8_14}; {mark_of(1)}"]),
    ),
    max_size=3,
    unique_by=lambda row: row.dcid,
).map(tuple)


@given(days(), rows, st.randoms())
def test_the_order_of_arrival_changes_nothing(
    events: list[DayEvent], held: tuple[Existing, ...], chance: Any
) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert time_plan(*shuffled, rows=held) == time_plan(*events, rows=held)


@given(days(), rows)
def test_every_event_gets_a_verdict(
    events: list[DayEvent], held: tuple[Existing, ...]
) -> None:
    assert set(time_plan(*events, rows=held).verdicts) == {e.id for e in events}


@given(days(), rows)
def test_planning_what_was_written_writes_nothing_more(
    events: list[DayEvent], held: tuple[Existing, ...]
) -> None:
    codes = frozenset({"T", "ED", "A"})  # a row with our mark has one we wrote
    first = time_plan(*events, rows=held, our_codes=codes)
    # Of several empty rows of ours any may be the day's: one update more does no harm.
    is_empty = any(w.slot == MINUTES and not w.minutes for w in first.writes)
    assume(not is_empty or all(event.is_void for event in events))
    ours = frozenset(w.dcid or OUR_ROW for w in first.writes)
    then = after(first, held)
    assert time_plan(*events, rows=then, our_rows=ours, our_codes=codes).writes == ()


@given(days(), rows)
def test_at_most_one_row_is_added_and_no_row_is_written_twice(
    events: list[DayEvent], held: tuple[Existing, ...]
) -> None:
    touched = [write.dcid for write in time_plan(*events, rows=held).writes]
    assert len(touched) == len(set(touched))


@given(days(), rows)
def test_a_protected_row_is_never_changed(
    events: list[DayEvent], held: tuple[Existing, ...]
) -> None:
    protected = {row.dcid for row in held if row.code in RULES.protected}
    assert protected.isdisjoint(w.dcid for w in time_plan(*events, rows=held).writes)


@given(st.integers(0, 340), st.integers(0, 340))
def test_who_comes_later_attends_no_more(one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    first = minutes_attended([event(minutes=earlier)], BELLS, RULES.zone)
    assert first >= minutes_attended([event(minutes=later)], BELLS, RULES.zone)


@given(st.integers(0, 340))
def test_before_and_after_add_up_to_the_day(minutes: int) -> None:
    came = minutes_attended([event(minutes=minutes)], BELLS, RULES.zone)
    left = minutes_attended([dismissal(minutes=minutes)], BELLS, RULES.zone)
    assert 0 <= WHOLE_DAY - came - left <= 1


def test_a_short_day_has_its_own_bells() -> None:
    short = [BellTime(1, 8 * 3600, 11 * 3600, "1")]
    assert minutes_attended([event()], short, RULES.zone) == 165
