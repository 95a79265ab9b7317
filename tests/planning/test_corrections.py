"""A day whose events are corrected and voided: only what they say last counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.planning.days import (
    CHICAGO,
    IN,
    MORNING,
    OUT,
    applied,
    dismissal,
    event,
    plan,
    row,
    words,
)
from vmps.services.planning.comment import SEPARATOR, comment_line
from vmps.services.planning.day import BLANK, DayEvent, Existing, Former, Rules

CLERK = "Called home"
OURS = frozenset({"T"})
EARLIER = Former(MORNING, "Bus late")
OLD_LINE = "Late check-in 8:14 AM, Bus late"


def corrected(event: DayEvent, **now: Any) -> DayEvent:
    """Return the event after a correction."""
    was = Former(event.occurred_at, event.reason)
    return replace(event, former=(*event.former, was), **now)


def test_a_corrected_event_s_old_line_makes_room_for_the_new_one():
    held = row("T", f"{CLERK}; {OLD_LINE}; Sent to class")
    made = plan(event(minutes=6, former=(EARLIER,)), existing=held, our_codes=OURS)
    assert made.write.comment == (
        f"{CLERK}; Sent to class; Late check-in 8:20 AM, Bus late"
    )


def test_a_line_that_another_event_has_now_stays():
    held = row("T", OLD_LINE)
    made = plan(
        event(minutes=6, former=(EARLIER,)), event(2), existing=held, our_codes=OURS
    )
    assert made.write.comment == f"{OLD_LINE}; Late check-in 8:20 AM, Bus late"


def test_an_event_corrected_and_corrected_back_keeps_its_line():
    there = (EARLIER, Former(MORNING, "Overslept"))
    held = row("T", OLD_LINE)
    assert plan(event(former=there), existing=held, our_codes=OURS).write is None


def test_a_void_takes_every_former_line_back():
    held = row("T", f"{OLD_LINE}; {CLERK}")
    gone = event(minutes=6, former=(EARLIER,), is_void=True)
    assert plan(gone, existing=held, our_codes=OURS).write.comment == CLERK


def test_a_former_line_of_an_event_entered_by_hand_is_the_clerk_s():
    held = row("T", OLD_LINE)
    by_hand = event(minutes=6, former=(EARLIER,), is_by_hand=True)
    made = plan(by_hand, dismissal(), existing=held)
    assert made.write.comment.startswith(OLD_LINE)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[int, dict[str, Any], bool, bool]]:
    """Changes to some of three events; then a drain or not, then a clerk or not."""
    step = st.tuples(
        st.integers(0, 2),
        st.just({"is_void": True})
        | st.fixed_dictionaries(
            {
                "minutes": st.integers(0, 4),
                "reason": words,
                "code": st.sampled_from("TA"),
            }
        ),
        st.booleans(),
        st.booleans(),
    )
    return draw(st.lists(step, max_size=8))


def change(event: DayEvent, changed: dict[str, Any]) -> DayEvent:
    if event.is_void or changed.get("is_void"):
        return replace(event, is_void=True)
    at = MORNING + timedelta(minutes=changed["minutes"])
    return corrected(
        event, occurred_at=at, reason=changed["reason"], code=changed["code"]
    )


class Day:
    """What PowerSchool holds while the plan of the day is carried out."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.held: Existing | None = None
        self.codes: frozenset[str] = frozenset()
        self.has_clerk = False

    def deliver(self, events: list[DayEvent]) -> None:
        made = plan(*events, rules=self.rules, existing=self.held, our_codes=self.codes)
        if made.write:
            self.codes |= {made.write.code}
        self.held = applied(made, self.held)

    def write_by_a_clerk(self) -> None:
        if self.held and not self.has_clerk:
            self.has_clerk = True
            text = SEPARATOR.join(filter(None, [self.held.comment, CLERK]))
            self.held = replace(self.held, comment=text)


@given(changes(), st.lists(st.sampled_from([IN, OUT]), min_size=3), st.booleans())
def test_any_changes_end_as_if_only_the_last_had_been_said(
    steps: list[tuple[int, dict[str, Any], bool, bool]],
    kinds: list[Any],
    keeps_first: bool,
) -> None:
    rules = Rules(CHICAGO, keeps_first=keeps_first)
    events = [event(n + 1, n, type=kinds[n]) for n in range(3)]
    day, fresh = Day(rules), Day(rules)
    day.deliver(events)
    for place, changed, is_delivered, has_clerk in steps:
        events[place] = change(events[place], changed)
        if has_clerk:
            day.write_by_a_clerk()
        if is_delivered:
            day.deliver(events)
    day.deliver(events)
    fresh.deliver([replace(e, former=()) for e in events if not e.is_void])
    assert (day.held or row(BLANK)).code == (fresh.held or row(BLANK)).code
    assert left_of(day, events) == ([CLERK] if day.has_clerk else [])


def left_of(day: Day, events: list[DayEvent]) -> list[str]:
    """Return what the comment holds beside each live event's line, which it must."""
    comment = day.held.comment if day.held else ""
    lines = {comment_line(e, CHICAGO) for e in events if not e.is_void}
    for line in sorted(lines, key=len, reverse=True):
        assert line in comment
        comment = comment.replace(line, "", 1)
    return [part for part in comment.split(SEPARATOR) if part]
