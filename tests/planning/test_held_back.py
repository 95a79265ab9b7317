"""A day with an event that its disabled school did not send: only its retry does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests.planning.days import RULES, days, dismissal, event, plan, row
from tests.planning.meeting_days import arrives, leaves, told
from tests.planning.meeting_days import plan as meeting_day
from tests.planning.minutes import time_plan
from vmps.models import Outcome
from vmps.services.planning.counting import is_held_back, is_undone_by_hand
from vmps.services.planning.day import DayEvent


@pytest.mark.parametrize("keeps_first", [True, False])
def test_another_event_s_write_carries_neither_its_code_nor_its_line(keeps_first):
    rules = replace(RULES, keeps_first=keeps_first)
    late = event(minutes=0 if keeps_first else 400, is_held_back=True)
    made = plan(late, dismissal(), rules=rules)
    assert (made.write.code, made.write.comment) == (
        "ED", "Early check-out 1:14 PM, Dentist",
    )  # fmt: skip
    assert made.verdicts[1].outcome is Outcome.NOT_SENT
    assert made.verdicts[2].outcome is Outcome.WRITTEN


def test_the_minutes_attended_count_it():
    (alone,) = time_plan(dismissal()).writes
    (made,) = time_plan(event(is_held_back=True), dismissal()).writes
    assert (made.code, made.minutes, alone.minutes) == ("ED", 250, 264)
    assert "Late check-in" not in made.comment


def test_in_meeting_mode_it_marks_no_class():
    made = meeting_day(arrives("8:10", is_held_back=True), leaves("10:40"))
    assert told(made) == {"P4": "ED"}
    assert made.verdicts[1].outcome is Outcome.NOT_SENT


def test_alone_it_leaves_what_stands():
    assert plan(event(is_held_back=True), existing=row("A")).write is None


@given(days())
def test_held_back_events_change_no_other_s_verdict(events: list[DayEvent]) -> None:
    rest = [replace(e, is_held_back=e.id == 1 and not e.is_void) for e in events]
    without = plan(*[e for e in rest if not e.is_held_back])
    made = plan(*rest)
    assert made.writes == without.writes
    assert {e: v for e, v in made.verdicts.items() if e in without.verdicts} == dict(
        without.verdicts
    )


@pytest.mark.parametrize(
    ("status", "cause", "is_void", "expected"),
    [
        ("not_sent", "school_disabled", False, (True, False)),
        ("not_sent", "school_disabled", True, (False, False)),
        ("not_sent", "entered_by_hand", False, (False, False)),
        ("not_sent", "entered_by_hand", True, (False, True)),
        ("pending", None, False, (False, False)),
        ("failed", "refused", False, (False, False)),
    ],
)
def test_which_events_are_a_retry_s_or_a_person_s(status, cause, is_void, expected):
    found = is_held_back(status, cause, is_void=is_void)
    assert (found, is_undone_by_hand(cause, is_void=is_void)) == expected
