"""Meeting mode: returns, voids, and what a clerk marked before us or after."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.cast import Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of
from tests.delivery.meetings.school import (
    arrive,
    held,
    leave,
    mark,
)
from vmps.models import Attempt, School, StudentEvent, Writeback
from vmps.services.correct import correct_event
from vmps.services.school_changes import SchoolChanges
from vmps.services.schools import set_school
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

WRITTEN = ("successful", None)


def test_a_return_takes_back_what_still_carries_our_code(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    out = leave(oakwood, "8:20")
    deliver()
    mark(simulator, 4, "S")
    back = arrive(oakwood, "9:00")
    deliver()
    assert held(simulator) == {"P1": "ED", "P2": "T", "P3": "", "P4": "S"}
    assert end_of(back) == WRITTEN
    assert end_of(out) == WRITTEN


def test_events_of_one_day_do_not_depend_on_the_order_of_arrival(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    arrive(oakwood, "10:00")
    deliver()
    leave(oakwood, "8:20")
    deliver()
    assert held(simulator) == {"P1": "ED", "P2": "ED", "P3": "T"}


def test_a_void_clears_what_was_ours(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    mark(simulator, 2, None, comment="Called home")
    event = leave(oakwood, "9:00")
    deliver()
    mark(simulator, 3, "A")
    void_event(event, actor="test", now=watch.now)
    deliver()
    assert end_of(event) == ("successful", "voided")
    assert held(simulator) == {"P2": "", "P3": "A", "P4": ""}
    comments = {row.get("att_comment") for row in simulator.attendance()}
    assert "Called home" in comments


def test_an_event_at_another_time_moves_its_code(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    wrong = arrive(oakwood, "8:14")
    deliver()
    void_event(wrong, actor="test", now=watch.now)
    arrive(oakwood, "9:00")
    deliver()
    assert held(simulator) == {"P1": "", "P2": "T"}


def test_a_correction_moves_code_and_line_to_another_class(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = arrive(oakwood, "8:14")
    deliver()
    watch.advance(hours=1)
    at = StudentEvent.get_by_id(event).occurred_at + timedelta(minutes=46)
    correct_event(event, occurred_at=at, actor="test", now=watch.now)
    deliver()
    assert held(simulator) == {"P1": "", "P2": "T"}
    comments = {row.get("att_comment") or "" for row in simulator.attendance()}
    assert comments == {"", "Late check-in 9:00 AM, Bus late"}
    assert end_of(event) == WRITTEN


def test_a_protected_code_refuses_and_nothing_is_marked(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, 2, "S")
    School.update(missed_code="A").execute()
    event = arrive(oakwood, "9:00")
    deliver()
    assert end_of(event) == ("failed", "already_marked")
    assert Writeback.get().detail in {"S in P2", "S in the class at 8:55 AM"}
    assert held(simulator) == {"P2": "S"}


def test_a_code_that_may_be_replaced_from_now_on_lets_the_event_go_on(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    mark(simulator, 2, "S")
    event = arrive(oakwood, "9:00")
    deliver()
    changes = SchoolChanges(replaceable=["S"], protected=[])
    set_school(oakwood.school, changes, actor="test", now=watch.now)
    deliver()
    assert end_of(event) == WRITTEN
    assert held(simulator) == {"P2": "T"}


def test_a_code_in_a_later_class_is_left_and_told(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, 4, "S")
    leave(oakwood, "9:00")
    deliver()
    assert held(simulator) == {"P2": "ED", "P3": "ED", "P4": "S"}
    told = {"left P4 as S", "left the class at 10:35 AM as S"}
    assert Writeback.get().detail in told


def test_what_a_clerk_entered_already_is_not_written(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, 2, "T")
    event = arrive(oakwood, "9:00")
    deliver()
    assert end_of(event) == ("successful", "already_there")
    assert [row["by"] for row in simulator.journal()] == ["hand"]


def test_what_was_meant_for_each_class_is_kept_with_the_attempt(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, 3, "A")
    School.update(replaceable_codes='["A"]').execute()
    leave(oakwood, "9:00")
    deliver()
    marks = json.loads(Attempt.get().marks)
    assert [(code, prior) for _, code, prior in marks] == [
        ("ED", None),
        ("ED", "A"),
        ("ED", None),
    ]
