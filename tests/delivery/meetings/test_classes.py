"""Meeting mode: which classes an arrival or a dismissal marks in PowerSchool."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of, outcomes
from tests.delivery.meetings.school import (
    BY_INTERVAL,
    DOUBLED,
    DROPPED,
    HALF_DAY,
    TOMORROW,
    arrive,
    held,
    leave,
)
from vmps.models import School, Writeback
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

WRITTEN = ("successful", None)


def test_a_late_arrival_marks_its_class(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = arrive(oakwood, "9:00")
    deliver()
    assert end_of(event) == WRITTEN
    assert held(simulator) == {"P2": "T"}
    (row,) = simulator.attendance()
    assert row["att_comment"] == "Late check-in 9:00 AM, Bus late"
    assert outcomes() == ["written"]


def test_on_the_way_to_a_class_the_next_one_counts(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    arrive(oakwood, "9:42")
    deliver()
    assert held(simulator) == {"P3": "T"}


def test_missed_classes_get_the_school_s_code(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    School.update(missed_code="A").execute()
    arrive(oakwood, "9:50")
    deliver()
    assert held(simulator) == {"P1": "A", "P2": "A", "P3": "T"}
    assert len(simulator.journal()) == 3
    assert simulator.calls()["meeting_interval"] == 1


def test_a_dismissal_marks_the_rest_of_the_day(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    leave(oakwood, "9:00")
    deliver()
    assert held(simulator) == {"P2": "ED", "P3": "ED", "P4": "ED"}


@pytest.mark.parametrize(
    ("clock", "detail"),
    [
        ("7:40", "checked in 7:40 AM, the first class starts 8:05 AM"),
        ("11:30", "checked in 11:30 AM, the last class ended 11:20 AM"),
    ],
)
def test_outside_the_day_nothing_is_written(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, clock: str, detail: str
) -> None:
    event = arrive(oakwood, clock)
    deliver()
    assert end_of(event) == ("failed", "no_meeting")
    assert Writeback.get().detail == detail
    assert simulator.journal() == []


def test_both_sections_of_a_period_are_marked(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    arrive(oakwood, "10:40", DOUBLED)
    deliver()
    assert [row["written_code"] for row in simulator.attendance()] == ["T", "T"]
    assert len({row["ccid"] for row in simulator.attendance()}) == 2


def test_a_dropped_class_is_not_marked(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    School.update(missed_code="A").execute()
    arrive(oakwood, "9:50", DROPPED)
    deliver()
    assert held(simulator, DROPPED) == {"P1": "A", "P3": "T"}


def test_each_day_has_its_own_classes(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    arrive(oakwood, "9:50")
    watch.advance(days=1)
    arrive(oakwood, "9:50", day=TOMORROW)
    deliver()
    assert held(simulator) == held(simulator, day=TOMORROW) == {"P3": "T"}
    assert len({row["ccid"] for row in simulator.attendance()}) == 2


def test_a_half_day_ends_early(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    watch.advance(days=2)
    event = leave(oakwood, "8:30", day=HALF_DAY)
    late = arrive(oakwood, "10:40", 5, day=HALF_DAY)
    deliver()
    assert end_of(event) == WRITTEN
    assert held(simulator, day=HALF_DAY) == {"P1": "ED", "P2": "ED"}
    assert end_of(late) == ("failed", "no_meeting")


def intervals(simulator: Simulator) -> list[str]:
    """Return the intervals of the last class that are known: tables tell only one."""
    has_query = not simulator.settings()["missing_queries"]
    return ["P4/1", "P4/2", "P4/3"] if has_query else ["P4/1"]


def test_a_section_by_interval_is_marked_by_interval(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = leave(oakwood, "9:50", BY_INTERVAL)
    deliver()
    assert end_of(event) == WRITTEN
    last = dict.fromkeys(intervals(simulator), "ED")
    assert held(simulator, BY_INTERVAL) == {"P3": "ED"} | last
    modes = {row["att_mode_code"] for row in simulator.attendance()}
    assert modes == {"ATT_ModeMeeting", "ATT_ModeInterval"}
    assert simulator.calls()["meeting_interval"] == 1


def test_where_intervals_are_not_known_the_log_says_which_was_marked(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = arrive(oakwood, "11:10", BY_INTERVAL)
    deliver()
    assert end_of(event) == WRITTEN
    has_query = not simulator.settings()["missing_queries"]
    assert held(simulator, BY_INTERVAL) == {"P4/3" if has_query else "P4/1": "T"}
    lacking = (
        "PowerSchool does not tell how long intervals last, so of P4 only the first"
        " is marked"
    )
    assert Writeback.get().detail == ("" if has_query else lacking)


def test_a_class_without_intervals_needs_no_such_note(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    arrive(oakwood, "9:00", BY_INTERVAL)
    deliver()
    assert Writeback.get().detail == ""


def test_a_void_clears_the_one_interval_that_was_marked(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = leave(oakwood, "11:10", BY_INTERVAL)
    deliver()
    void_event(event, actor="test", now=NOW)
    deliver()
    assert end_of(event) == ("successful", "voided")
    assert Writeback.get().detail == ""
    assert set(held(simulator, BY_INTERVAL).values()) == {""}


def test_a_whole_school_leaves_at_once(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    for student in range(60):
        leave(oakwood, "9:00", student)
    deliver()
    assert {w.status for w in Writeback.select()} == {"successful"}
    rows = simulator.attendance()
    assert len(rows) == 60 * 3 - 1 + len(intervals(simulator))
    assert len(simulator.journal()) == len(rows)
