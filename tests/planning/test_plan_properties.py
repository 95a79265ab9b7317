"""What holds of every plan, whatever the day looked like."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.planning.days import (
    BELLS,
    CHICAGO,
    applied,
    bells,
    days,
    known_codes,
    owned,
    plan,
    rows,
    rules,
)
from vmps.models import Cause, Outcome
from vmps.services.planning.comment import comment_line
from vmps.services.planning.day import BLANK, DayEvent, Existing

surroundings = st.fixed_dictionaries(
    {
        "rules": rules,
        "existing": rows,
        "our_codes": owned,
        "codes": known_codes,
        "bells": bells,
    }
)


def is_over(event: DayEvent, around: dict[str, Any]) -> bool:
    ends = {"until 8:17": "08:17", "until eight": "08:00"}
    names = [name for name, found in BELLS.items() if found == around["bells"]]
    at = event.occurred_at.astimezone(CHICAGO).strftime("%H:%M")
    return not event.is_void and at >= ends.get(names[0], "15:00")


def usable(events: list[DayEvent], around: dict[str, Any]) -> list[DayEvent]:
    return [
        e
        for e in events
        if not e.is_void
        and e.code
        and e.code in around["codes"]
        and not is_over(e, around)
    ]


@given(days(), surroundings)
def test_who_comes_after_the_last_bell_is_refused_and_changes_nothing(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    made = plan(*events, **around)
    late = {event.id for event in events if is_over(event, around)}
    outside = {id for id, v in made.verdicts.items() if v.cause is Cause.OUTSIDE_DAY}
    assert outside == late
    others = plan(*(e for e in events if e.id not in late), **around)
    assert made.writes == others.writes
    assert dict(made.verdicts).items() >= dict(others.verdicts).items()


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
    verdicts = plan(*events, **around).verdicts
    assert set(verdicts) == {event.id for event in events}


@given(days(), surroundings)
def test_planning_what_was_written_writes_nothing_more(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    first = plan(*events, **around)
    if first.write:
        around["existing"] = applied(first, around["existing"])
        around["our_codes"] |= {first.write.code}
    assert plan(*events, **around).write is None


@given(days(), surroundings)
def test_only_a_code_of_the_school_is_written(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    write = plan(*events, **around).write
    assert write is None or write.code in around["codes"]


@given(days(), surroundings)
def test_a_protected_code_is_never_replaced(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    existing, write = around["existing"], plan(*events, **around).write
    if existing and write and existing.code in around["rules"].protected:
        assert write.code == existing.code


@given(days(), surroundings)
def test_a_foreign_code_is_replaced_only_where_allowed(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    existing: Existing | None = around["existing"]
    write = plan(*events, **around).write
    if not existing or not write or write.code == existing.code:
        return
    ours_or_allowed = around["our_codes"] | around["rules"].replaceable | {BLANK}
    has_dismissal = any(e.type == "early_check_out" for e in usable(events, around))
    is_present = existing.presence == "Present" and has_dismissal
    assert existing.code in ours_or_allowed or is_present


@given(days(), surroundings)
def test_the_winner_is_the_last_or_the_first(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    made = plan(*events, **around)
    ordered = sorted(usable(events, around), key=lambda e: (e.occurred_at, e.id))
    if not ordered:
        return
    winner = ordered[0 if around["rules"].keeps_first else -1]
    covered = {v.covered_by for v in made.verdicts.values() if v.covered_by}
    assert covered <= {winner.id}
    assert made.write is None or made.write.code == winner.code


@given(days(), surroundings)
def test_others_than_the_winner_are_covered_or_all_are_refused(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    made = plan(*events, **around)
    outcomes = [made.verdicts[e.id].outcome for e in usable(events, around)]
    if Outcome.REFUSED in outcomes:
        assert set(outcomes) == {Outcome.REFUSED}
        assert made.write is None
    elif outcomes:
        assert outcomes.count(Outcome.COVERED) == len(outcomes) - 1


@given(days(), surroundings)
def test_the_comment_holds_every_live_line_once(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    write = plan(*events, **around).write
    if write is None or write.comment is None:
        return
    zone, comment = around["rules"].zone, write.comment
    lines = {comment_line(event, zone) for event in usable(events, around)}
    for line in sorted(lines, key=len, reverse=True):
        assert line in comment
        comment = comment.replace(line, "", 1)
    assert not any(len(line) > 22 and line in comment for line in lines)


@given(days(), surroundings)
def test_foreign_text_stays_in_the_comment(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    existing, write = around["existing"], plan(*events, **around).write
    if write and write.comment is not None and existing:
        is_kept = "Called home" in write.comment
        assert is_kept == ("Called home" in existing.comment)


@given(days(), surroundings)
def test_an_unknown_comment_is_never_sent(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    existing, write = around["existing"], plan(*events, **around).write
    if existing and write and not existing.comment_is_known:
        assert write.comment is None


@given(days(), surroundings)
def test_a_day_of_voids_clears_only_what_is_ours(
    events: list[DayEvent], around: dict[str, Any]
) -> None:
    existing, write = around["existing"], plan(*events, **around).write
    if write and not usable(events, around):
        assert write.code == BLANK
        assert existing.code in around["our_codes"] - around["rules"].protected
