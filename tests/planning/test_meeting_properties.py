"""What holds of every plan of meetings, whatever the day looked like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.planning.days import CODES
from tests.planning.meeting_days import (
    FOUR,
    MARKS_MISSED,
    applied,
    arrives,
    clock,
    days,
    leaves,
    plan,
    rows_of,
    surroundings,
    told,
)
from vmps.models import Outcome
from vmps.services.planning.day import BLANK, DayEvent

minutes = st.integers(clock("8:05") // 60, clock("11:19") // 60)


def text(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


@given(days(), surroundings, st.randoms())
def test_the_order_of_arrival_changes_nothing(
    events: list[DayEvent], around: dict[str, Any], chance: Any
) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert plan(*shuffled, **around) == plan(*events, **around)


@given(days(), surroundings)
def test_every_event_gets_a_verdict(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    assert set(plan(*events, **around).verdicts) == {event.id for event in events}


@given(days(), surroundings)
def test_a_meeting_of_the_day_is_written_once_and_no_other(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    written = [write.slot for write in plan(*events, **around).writes]
    assert len(written) == len(set(written))
    assert set(written) <= {meeting.slot for meeting in around["meetings"]}


@given(days(), surroundings)
def test_planning_what_was_written_writes_nothing_more(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    first = plan(*events, **around)
    again = plan(*events, **applied(first, around))
    assert again.writes == ()
    kinds = {Outcome.WRITTEN, Outcome.ALREADY_THERE}
    for event_id, verdict in first.verdicts.items():
        outcome = again.verdicts[event_id].outcome
        assert outcome == verdict.outcome or {outcome, verdict.outcome} <= kinds


@given(days(), surroundings)
def test_only_a_code_of_the_school_is_written(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    assert set(told(plan(*events, **around)).values()) <= around["codes"]


@given(days(), surroundings)
def test_a_protected_code_is_never_replaced(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    rows, protected = rows_of(around), around["rules"].protected
    for slot, code in told(plan(*events, **around)).items():
        if slot in rows and rows[slot].code in protected:
            assert rows[slot].code == code


@given(days(), surroundings)
def test_a_foreign_code_is_replaced_only_where_allowed(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    rows = rows_of(around)
    has_dismissal = any(e.type == "early_check_out" and not e.is_void for e in events)
    for slot, code in told(plan(*events, **around)).items():
        row = rows.get(slot)
        if row is None or row.code == code:
            continue
        allowed = around["ours"].get(slot, set()) | around["rules"].replaceable
        is_present = row.presence == "Present" and has_dismissal
        assert row.code in allowed | {BLANK} or (is_present and code != BLANK)


@given(days(), surroundings)
def test_blank_is_written_only_over_our_own_code(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    for slot, code in told(plan(*events, **around)).items():
        if code == BLANK:
            assert rows_of(around)[slot].code in around["ours"][slot]


@given(days(), surroundings)
def test_a_written_event_has_a_write_and_a_write_has_its_event(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    made = plan(*events, **around)
    outcomes = {verdict.outcome for verdict in made.verdicts.values()}
    if Outcome.WRITTEN in outcomes:
        assert made.writes
    if any(write.code != BLANK for write in made.writes):
        assert Outcome.WRITTEN in outcomes


@given(days(), surroundings)
def test_who_covers_is_another_event_that_counts(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    verdicts = plan(*events, **around).verdicts
    for event_id, verdict in verdicts.items():
        if verdict.outcome is Outcome.COVERED:
            assert verdict.covered_by not in {None, event_id}
            outcome = verdicts[verdict.covered_by or 0].outcome
            assert outcome not in {Outcome.REFUSED, Outcome.VOIDED}


@given(days(), surroundings)
def test_a_day_of_voids_clears_exactly_ours(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    gone = [replace(event, is_void=True) for event in events]
    around = around | {"codes": CODES}
    protected = around["rules"].protected | {BLANK}
    slots = {meeting.slot for meeting in around["meetings"]}
    ours = {
        slot: BLANK
        for slot, row in rows_of(around).items()
        if slot in slots and row.code in around["ours"].get(slot, set()) - protected
    }
    assert told(plan(*gone, **around)) == ours


@given(days(), surroundings)
def test_a_meeting_that_was_entered_by_hand_is_left_alone(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    by_hand = [replace(e, is_by_hand=True, is_void=False) for e in events]
    around = around | {"ours": {}}
    assert plan(*by_hand, **around).writes == ()


@given(minutes, minutes)
def test_a_later_arrival_misses_no_fewer_meetings(one: int, other: int) -> None:
    early, late = sorted([one, other])
    missed = [
        {
            s
            for s, c in told(plan(arrives(text(m)), rules=MARKS_MISSED)).items()
            if c == "A"
        }
        for m in (early, late)
    ]
    assert missed[0] <= missed[1]


@given(minutes, minutes)
def test_a_later_dismissal_marks_no_more_meetings(one: int, other: int) -> None:
    early, late = sorted([one, other])
    marked = [set(told(plan(leaves(text(minute))))) for minute in (early, late)]
    assert marked[0] >= marked[1] != set()


@given(minutes, minutes)
def test_who_returns_was_away_for_what_is_marked(one: int, other: int) -> None:
    out, back = sorted([one, other])
    made = told(plan(leaves(text(out)), arrives(text(back), 3)))
    for meeting in FOUR:
        is_after = meeting.starts > back * 60
        is_next = all(m.ends <= back * 60 or m.starts >= meeting.starts for m in FOUR)
        assert (meeting.slot in made) == (
            meeting.ends > out * 60 and (not is_after or is_next)
        )
