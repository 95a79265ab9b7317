"""Entered by hand: a clerk's row stays, whatever else happens that day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, Oakwood
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of
from vmps.models import EventType, Reason, Writeback
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.reasons import save_reason
from vmps.services.retry import retry_writebacks
from vmps.services.schools import SchoolChanges, set_school
from vmps.simulator.control import Simulator

OUT = {
    "type": EventType.EARLY_CHECK_OUT,
    "reason": "Dentist",
    "occurred_at": NOW + timedelta(hours=5),
    "external_id": "out",
}


@pytest.fixture
def by_hand(oakwood: Oakwood, deliver: Deliver, simulator: Simulator) -> int:
    """A dismissal that failed for its reason; a clerk entered it as ED."""
    Reason.update(code=None).where(Reason.label == "Dentist").execute()
    event = oakwood.report(**OUT).event
    assert event
    deliver()
    assert end_of(event) == ("failed", "unmapped_reason")
    simulator.put_attendance(500, 1817, "2026-11-23", "ED", att_comment="Dentist")
    (row,) = Writeback.select()
    enter_by_hand(row.id, actor="operator", now=NOW)
    return event


def test_an_event_reported_late_does_not_overwrite_it(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, by_hand: int
) -> None:
    late = oakwood.report().event
    deliver()
    assert end_of(late) == ("successful", "covered")
    assert end_of(by_hand) == ("not_sent", "entered_by_hand")
    (held,) = simulator.attendance(schoolid=1817)
    assert held["att_comment"] == "Dentist"
    assert codes_written(simulator) == []


def test_mapping_its_reason_sends_nothing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, by_hand: int
) -> None:
    _, requeued = save_reason(
        oakwood.school, EventType.EARLY_CHECK_OUT, "Dentist", code="A",
        actor="operator", now=NOW,
    )  # fmt: skip
    deliver()
    assert requeued == 0
    assert end_of(by_hand) == ("not_sent", "entered_by_hand")
    assert codes_written(simulator) == []


def test_disabling_and_enabling_its_school_sends_nothing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, by_hand: int
) -> None:
    for is_enabled in (False, True):
        changes = SchoolChanges(is_enabled=is_enabled)
        set_school(oakwood.school, changes, actor="operator", now=NOW)
        deliver()
    assert end_of(by_hand) == ("not_sent", "entered_by_hand")
    assert codes_written(simulator) == []


def test_its_retry_finds_it_there(
    oakwood: Oakwood, deliver: Deliver, watch: Watch, by_hand: int
) -> None:
    Reason.update(code="ED").where(Reason.label == "Dentist").execute()
    (row,) = Writeback.select()
    retry_writebacks([row.id], actor="operator", now=NOW)
    watch.advance(seconds=1)
    deliver()
    assert end_of(by_hand) == ("successful", "already_there")


def test_a_code_of_its_doubtful_write_is_the_clerk_s_now(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "reset_after_write", "on": "write"}])
    first = oakwood.report(**OUT).event
    deliver()
    (row,) = Writeback.select()
    Writeback.update(status="failed", cause="gave_up").execute()
    enter_by_hand(row.id, actor="operator", now=watch.now)
    watch.advance(hours=6)
    back = oakwood.report(occurred_at=watch.now, external_id="back").event
    deliver()
    assert end_of(back) == ("failed", "already_marked")
    assert end_of(first) == ("not_sent", "entered_by_hand")
