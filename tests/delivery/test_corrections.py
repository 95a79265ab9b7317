"""Corrections and voids, one after the other: PowerSchool follows, once each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Oakwood
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of, outcomes
from tests.delivery.under_way import under_way
from vmps.models import Cause, EventType, Reason, School, Writeback
from vmps.services.correct import correct_event
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.schools import SchoolChanges, set_school
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

DAY = "2026-11-23"
LATER = NOW + timedelta(hours=1)
OUT: dict[str, Any] = {
    "type": EventType.EARLY_CHECK_OUT,
    "reason": "Dentist",
    "occurred_at": NOW + timedelta(hours=5),
    "external_id": "out",
}


@pytest.fixture
def oakwood(oakwood: Oakwood, watch: Watch) -> Oakwood:
    """Oakwood an hour later, with more reasons for late check-ins."""
    watch.now = LATER
    late = {"school": oakwood.school, "type": EventType.LATE_CHECK_IN}
    Reason.create(**late, label="Overslept", code="A")
    Reason.create(**late, label="Traffic", code="T")
    return oakwood


def correct(event: int | None, minutes: int | None = None, **more: Any) -> None:
    """Correct an event as an admin does."""
    assert event
    if minutes is not None:
        more["occurred_at"] = NOW + timedelta(minutes=minutes)
    correct_event(event, **{"actor": "test", "now": LATER} | more)


def held(simulator: Simulator) -> tuple[Any, Any]:
    """Return code and comment of the only row."""
    (row,) = simulator.attendance(schoolid=1817)
    last = simulator.journal()[-1]
    assert row["att_comment"] == last["att_comment"]
    return last["att_code"], row["att_comment"]


def test_another_reason_brings_its_code_and_its_line(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    correct(event, reason="Overslept")
    deliver()
    assert codes_written(simulator) == ["T", "A"]
    assert held(simulator) == ("A", "Late check-in 8:14 AM, Overslept")
    assert end_of() == ("successful", None)


def test_another_time_changes_the_line_alone(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    simulator.put_attendance(
        500, 1817, DAY, "T", att_comment="Late check-in 8:14 AM, Bus late; Called"
    )
    correct(event, minutes=6)
    deliver()
    assert held(simulator) == ("T", "Called; Late check-in 8:20 AM, Bus late")


def test_a_time_before_another_event_hands_the_code_to_that_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    late = oakwood.report().event
    out = oakwood.report(**OUT | {"occurred_at": NOW + timedelta(minutes=9)}).event
    deliver()
    correct(late, minutes=12)
    deliver()
    assert codes_written(simulator) == ["ED", "T"]
    assert end_of(out) == ("successful", "covered")
    assert end_of(late) == ("successful", None)


def test_a_void_after_a_correction_takes_back_what_was_written_last(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    correct(event, minutes=6, reason="Overslept")
    deliver()
    void_event(event or 0, actor="test", now=LATER)
    deliver()
    assert codes_written(simulator) == ["T", "A", None]
    assert held(simulator) == (None, None)
    assert end_of() == ("successful", "voided")


def test_a_correction_and_a_void_before_the_next_drain_leave_no_line(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    correct(event, minutes=6)
    correct(event, minutes=7)
    void_event(event or 0, actor="test", now=LATER)
    deliver()
    assert held(simulator) == (None, None)


@pytest.mark.parametrize("endpoint", ["table:attendance", "daily_time"])
def test_a_correction_while_it_is_sent_has_the_last_word(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, endpoint: str
) -> None:
    event = oakwood.report().event
    with under_way(deliver, simulator, endpoint):
        correct(event, minutes=6, reason="Overslept")
    deliver()
    assert held(simulator) == ("A", "Late check-in 8:20 AM, Overslept")
    assert end_of() == ("successful", None)
    assert "started" not in outcomes()


@pytest.mark.parametrize("reason", ["Traffic", "Overslept"])
def test_a_correction_of_a_doubtful_write_waits_until_that_cannot_land(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    reason: str,
) -> None:
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    event = oakwood.report().event
    deliver()
    watch.advance(seconds=5)
    correct(event, reason=reason, now=watch.now)
    deliver()
    assert Writeback.get().cause == Cause.SETTLING
    simulator.put_attendance(
        500, 1817, DAY, "T", att_comment="Late check-in 8:14 AM, Bus late"
    )
    watch.advance(seconds=61)
    deliver()
    assert held(simulator)[1] == f"Late check-in 8:14 AM, {reason}"
    assert end_of() == ("successful", None)


def test_a_correction_at_a_disabled_school_is_not_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    school = School.get_by_id(oakwood.school.id)
    set_school(school, SchoolChanges(is_enabled=False), actor="test", now=NOW)
    correct(event, reason="Overslept")
    deliver()
    assert end_of() == ("not_sent", "school_disabled")
    assert codes_written(simulator) == ["T"]


def test_a_void_of_what_was_entered_by_hand_writes_nothing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    Writeback.update(status="failed").execute()
    simulator.put_attendance(500, 1817, DAY, "T", att_comment="By hand")
    enter_by_hand(Writeback.get().id, actor="test", now=NOW)
    void_event(event or 0, actor="test", now=LATER)
    later = oakwood.report(**OUT).event
    deliver()
    assert end_of(event) == ("not_sent", "entered_by_hand")
    assert end_of(later) == ("successful", None)
    assert held(simulator) == ("ED", "By hand; Early check-out 1:14 PM, Dentist")


@pytest.mark.parametrize(
    ("keeps_first", "minutes"), [(True, 60), (False, -60)], ids=["first", "last"]
)
def test_another_event_s_write_carries_nothing_of_one_that_was_not_sent(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    keeps_first: bool,
    minutes: int,
) -> None:
    School.update(is_enabled=False, keeps_first_code=keeps_first).execute()
    held_back = oakwood.report().event
    deliver()
    School.update(is_enabled=True).execute()
    at = NOW + timedelta(minutes=minutes)
    other = oakwood.report(**OUT | {"occurred_at": at}).event
    deliver()
    assert codes_written(simulator) == ["ED"]
    assert (
        held(simulator)[1]
        == f"Early check-out {9 if minutes > 0 else 7}:14 AM, Dentist"
    )
    assert end_of(other) == ("successful", None)
    assert end_of(held_back) == ("not_sent", "school_disabled")
