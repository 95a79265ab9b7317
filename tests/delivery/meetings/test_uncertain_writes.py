"""Meeting mode: a write whose answer was lost marks no class twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of, outcomes
from tests.delivery.meetings.school import (
    arrive,
    held,
    leave,
    mark,
)
from vmps.models import Attempt, Writeback
from vmps.services.modes.meeting import MeetingMode, ranges_of
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

WRITTEN = ("successful", None)
#: PowerSchool takes all of a call's classes but the last.
PARTLY = {"kind": "partly_written", "on": "write"}


@pytest.mark.parametrize("kind", ["commit_then_timeout", "reset_after_write"])
def test_a_write_without_an_answer_is_not_repeated(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch, kind: str
) -> None:
    simulator.faults([{"kind": kind, "on": "write", "times": 1}])
    event = leave(oakwood, "9:00")
    deliver()
    assert outcomes() == ["ambiguous"]
    watch.advance(seconds=10)
    deliver()
    assert end_of(event)[0] == "successful"
    assert [row["action"] for row in simulator.journal()] == ["INSERT"] * 3


def test_a_write_that_never_arrived_is_sent_again(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    event = leave(oakwood, "9:00")
    deliver()
    watch.advance(seconds=10)
    deliver()
    assert end_of(event) == WRITTEN
    assert held(simulator) == {"P2": "ED", "P3": "ED", "P4": "ED"}


def test_another_code_of_a_class_waits_for_an_uncertain_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    leave(oakwood, "9:00")
    deliver()
    arrive(oakwood, "9:50")
    watch.advance(seconds=10)
    deliver()
    assert {w.cause for w in Writeback.select()} == {"settling"}
    watch.advance(seconds=61)
    deliver()
    assert held(simulator) == {"P2": "ED", "P3": "T"}


def test_a_partly_written_day_is_finished_by_the_next_try(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([PARTLY | {"times": 1}])
    event = leave(oakwood, "9:00")
    deliver()
    assert end_of(event) == ("pending", "malformed_answer")
    assert held(simulator) == {"P2": "ED", "P3": "ED"}
    assert simulator.fired()[0]["journal"] == [1, 2]
    (attempt,) = Attempt.select()
    assert attempt.outcome == "ambiguous"
    assert "Locked" in attempt.answer
    watch.advance(seconds=10)
    deliver()
    assert end_of(event) == WRITTEN
    assert held(simulator) == {"P2": "ED", "P3": "ED", "P4": "ED"}
    assert [row["action"] for row in simulator.journal()] == ["INSERT"] * 3


def refuse_the_last(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> int:
    """Report a dismissal whose last class PowerSchool takes never."""
    simulator.faults([PARTLY])
    event = leave(oakwood, "9:00")
    deliver()
    for _ in range(2):  # a refused student is asked for anew, once
        watch.advance(seconds=20)
        deliver()
    return event


def test_a_class_that_stays_refused_fails_with_powerschool_s_words(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = refuse_the_last(oakwood, deliver, simulator, watch)
    assert end_of(event) == ("failed", "refused")
    assert "ATTENDANCE_CODEID: Locked" in Writeback.get().detail
    assert outcomes()[0] == "ambiguous"
    assert outcomes()[-1] == "refused"
    assert held(simulator) == {"P2": "ED", "P3": "ED"}
    assert [row["action"] for row in simulator.journal()] == ["INSERT"] * 2


def test_a_void_clears_what_was_partly_written(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = refuse_the_last(oakwood, deliver, simulator, watch)
    simulator.faults([])
    void_event(event, actor="test", now=watch.now)
    watch.advance(seconds=61)
    deliver()
    assert end_of(event) == ("successful", "voided")
    assert held(simulator) == {"P2": "", "P3": ""}


def test_a_class_that_reads_back_with_another_code_is_looked_at_again(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mark_after_write(simulator, monkeypatch)
    event = leave(oakwood, "9:00")
    deliver()
    assert end_of(event) == ("pending", "read_back_differs")
    watch.advance(seconds=61)
    deliver()
    assert end_of(event)[0] == "successful"
    assert held(simulator) == {"P2": "ED", "P3": "ED", "P4": "S"}


def mark_after_write(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a clerk mark the last class between our write and our reading back."""
    read_back = MeetingMode.read_back

    def clerk_first(*arguments: Any) -> object:
        mark(simulator, 4, "S")
        return read_back(*arguments)

    monkeypatch.setattr(MeetingMode, "read_back", clerk_first)


@pytest.mark.parametrize(
    ("dcids", "ranges"),
    [
        ([], []),
        ([7], [(7, 7)]),
        ([9, 7, 107], [(7, 107)]),
        ([7, 108], [(7, 7), (108, 108)]),
    ],
)
def test_rows_are_asked_for_in_ranges_without_a_page_of_others(
    dcids: list[int], ranges: list[tuple[int, int]]
) -> None:
    assert ranges_of(dcids) == ranges
