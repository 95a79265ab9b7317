"""A write that lands after we gave it up must not have the last word."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import NOW, Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of
from vmps.models import Cause, EventType, School, Writeback
from vmps.services.void import void_event
from vmps.simulator.control import Simulator


def lose_a_write(oakwood: Oakwood, deliver: Deliver, simulator: Simulator) -> None:
    """Report an event whose write is reset: nobody knows whether it lands."""
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    oakwood.report()
    deliver()


def test_another_code_waits_for_an_uncertain_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    lose_a_write(oakwood, deliver, simulator)
    oakwood.report(
        external_id="later",
        type=EventType.EARLY_CHECK_OUT,
        reason="Dentist",
        occurred_at=NOW + timedelta(seconds=1),
    )
    watch.advance(seconds=10)
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert simulator.journal() == []
    assert {w.cause for w in Writeback.select()} == {Cause.SETTLING}
    watch.advance(seconds=61)
    deliver()
    assert [row["att_code"] for row in simulator.journal()] == ["ED"]


def test_a_void_waits_for_an_uncertain_write(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_before", "on": "write", "times": 1}])
    event = oakwood.report().event
    deliver()
    assert event
    void_event(event, actor="test", now=watch.now)
    deliver()
    assert Writeback.get().cause == Cause.SETTLING
    watch.advance(seconds=61)
    deliver()
    assert Writeback.get().cause == Cause.VOIDED


def test_a_refusal_waits_for_an_uncertain_write(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    lose_a_write(oakwood, deliver, simulator)
    simulator.put_attendance(500, 1817, "2026-11-23", "A")
    watch.advance(seconds=10)
    deliver()
    assert end_of() == ("pending", "settling")
    watch.advance(seconds=61)
    deliver()
    assert end_of() == ("failed", "already_marked")


def test_what_lands_late_over_another_s_mark_is_told_as_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    lose_a_write(oakwood, deliver, simulator)
    simulator.put_attendance(500, 1817, "2026-11-23", "A")
    watch.advance(seconds=10)
    deliver()
    simulator.put_attendance(500, 1817, "2026-11-23", "T")
    watch.advance(seconds=61)
    deliver()
    assert end_of() == ("successful", None)


def test_a_disabled_school_waits_to_learn_whether_it_was_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    lose_a_write(oakwood, deliver, simulator)
    School.update(is_enabled=False).execute()
    watch.advance(seconds=10)
    deliver()
    assert end_of() == ("pending", "settling")
    simulator.put_attendance(500, 1817, "2026-11-23", "T")  # it lands now
    watch.advance(seconds=61)
    deliver()
    assert end_of() == ("successful", "already_there")


def test_what_a_disabled_school_s_write_left_nothing_of_is_not_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    lose_a_write(oakwood, deliver, simulator)
    School.update(is_enabled=False).execute()
    watch.advance(seconds=61)
    deliver()
    assert end_of() == ("not_sent", "school_disabled")
