"""A school's mode changed between a write and its void: what stays is told."""

from __future__ import annotations

import copy

import pytest

from tests.cast import Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of
from tests.delivery.meetings.school import (
    EVERYBODY,
    MEETING_SEED,
    arrive,
    at,
    leave,
    mark,
)
from vmps.models import Cause, School, Status, Writeback
from vmps.services.correct import correct_event
from vmps.services.explain import explain
from vmps.services.void import void_event
from vmps.simulator.control import Simulator


def told(event: int) -> str:
    row = Writeback.get(Writeback.event == event)
    return explain(Status(row.status), Cause(row.cause), row.detail, is_void=True).text


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        ("daily", "meeting", "T stays in Daily attendance"),
        ("daily", "time", "T stays in Daily attendance"),
        ("meeting", "daily", "T stays in Meeting attendance"),
        ("meeting", "time", "T stays in Meeting attendance"),
        ("time", "daily", "T stays in Time attendance"),
        ("time", "meeting", "T stays in Time attendance"),
    ],
)
def test_a_void_tells_what_the_former_mode_left(  # noqa: PLR0917 fixtures
    oakwood: Oakwood,
    deliver: Deliver,
    watch: Watch,
    before: str,
    after: str,
    stays: str,
) -> None:
    School.update(mode=before).execute()
    event = arrive(oakwood, "8:14")
    deliver()
    assert end_of(event) == ("successful", None)
    School.update(mode=after).execute()
    void_event(event, actor="test", now=watch.now)
    deliver()
    assert end_of(event) == ("successful", "voided")
    assert stays in told(event)


def test_a_clerk_s_daily_code_is_not_taken_for_ours_of_time_mode(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    School.update(mode="time").execute()
    event = arrive(oakwood, "8:14")
    deliver()
    simulator.put_attendance(500, 1817, "2026-11-23", "T")
    School.update(mode="daily").execute()
    void_event(event, actor="test", now=watch.now)
    deliver()
    daily = [r for r in simulator.attendance() if r["att_mode_code"] == "ATT_ModeDaily"]
    assert [row["written_code"] for row in daily] == ["T"]


def test_what_a_write_had_to_leave_is_told_on_the_page(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    mark(simulator, 4, "S")
    event = leave(oakwood, "9:00")
    deliver()
    row = Writeback.get(Writeback.event == event)
    assert "as S" in explain(Status(row.status), None, row.detail).text


def test_a_class_dropped_after_going_back_and_forth_is_told(  # noqa: PLR0917 fixtures
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = arrive(oakwood, "9:00")
    deliver()
    watch.advance(hours=2)
    for clock in ("8:14", "9:00"):
        correct_event(event, occurred_at=at(clock), actor="test", now=watch.now)
        deliver()
    seed = copy.deepcopy(MEETING_SEED)
    math = seed["schools"][0]["sections"][1]["students"]
    math[math.index(EVERYBODY[0])] = {"id": EVERYBODY[0], "dropped": True}
    simulator.seed(seed)
    void_event(event, actor="test", now=watch.now)
    deliver()
    assert end_of(event) == ("successful", "voided")
    assert "T stays in a class that left the schedule" in told(event)


def test_a_void_tells_what_was_protected_meanwhile(
    oakwood: Oakwood, deliver: Deliver, watch: Watch
) -> None:
    event = arrive(oakwood, "9:00")
    deliver()
    School.update(protected_codes='["T"]').execute()
    void_event(event, actor="test", now=watch.now)
    deliver()
    assert "T is protected and stays" in told(event)
