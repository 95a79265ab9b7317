"""Daily mode and the day's last bell: what comes after it is refused."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of, lane
from vmps.models import EventType, School, Writeback
from vmps.services.across import FEW
from vmps.services.correct import correct_event
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

DAY = "2026-11-23"
HALF_DAY = [{"number": 1, "start": "08:00", "end": "12:00"}]
#: At noon, five seconds past.
NOON = NOW + timedelta(hours=3, minutes=46)
BELL_FIELDS = [
    ("CALENDAR_DAY", "BELL_SCHEDULE_ID"),
    ("CALENDAR_DAY", "CYCLE_DAY_ID"),
    ("BELL_SCHEDULE_ITEMS", "START_TIME"),
]
ITEMS = "/ws/schema/table/bell_schedule_items"


def seed_of(periods: list[dict[str, Any]]) -> dict[str, Any]:
    """Return Oakwood's seed with these bells on the day."""
    seed = copy.deepcopy(OAKWOOD_SEED)
    seed["schools"][0] |= {"half_days": [DAY], "half_day_periods": periods}
    return seed


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """Oakwood's PowerSchool on a half day."""
    shared_simulator.seed(seed_of(HALF_DAY))
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture(autouse=True)
def _afternoon(watch: Watch) -> None:
    watch.advance(hours=8)


def leave(oakwood: Oakwood, student: int = 0, **more: Any) -> int:
    """Report that the student left at noon; return the event."""
    given = {
        "external_id": f"leave-{student}",
        "type": EventType.EARLY_CHECK_OUT,
        "reason": "Dentist",
        "occurred_at": NOON,
        "now": NOON,
    }
    found = oakwood.report(student, **given | more).event
    assert found
    return found


def test_who_leaves_when_the_day_has_ended_is_refused_with_the_times(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    leave(oakwood)
    deliver()
    assert end_of() == ("failed", "outside_day")
    assert Writeback.get().detail == (
        "it happened at 12:00 PM, the day starts at 8:00 AM, ends at 12:00 PM"
    )
    assert simulator.journal() == []


def test_the_day_s_other_events_are_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    came, left = oakwood.report().event, leave(oakwood)
    deliver()
    assert end_of(came) == ("successful", None)
    assert end_of(left) == ("failed", "outside_day")
    assert codes_written(simulator) == ["T"]
    assert simulator.journal()[0]["att_comment"] == "Late check-in 8:14 AM, Bus late"


def test_a_correction_to_after_the_end_is_refused_and_a_void_then_clears(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = oakwood.report().event or 0
    deliver()
    correct_event(event, occurred_at=NOON, actor="test", now=watch.now)
    deliver()
    assert end_of() == ("failed", "outside_day")
    assert codes_written(simulator) == ["T"]
    void_event(event, actor="test", now=watch.now)
    deliver()
    assert end_of() == ("successful", "voided")
    assert codes_written(simulator) == ["T", None]
    assert not simulator.journal()[-1]["att_comment"]


def test_a_correction_to_before_the_end_is_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = leave(oakwood)
    deliver()
    before = NOON - timedelta(minutes=1)
    correct_event(event, occurred_at=before, actor="test", now=watch.now)
    deliver()
    assert end_of() == ("successful", None)
    assert codes_written(simulator) == ["ED"]


@pytest.mark.parametrize(
    "periods",
    [[], [{"number": 1, "start": "08:00", "end": "08:10"}]],
    ids=["no bells", "a homeroom alone"],
)
def test_bells_that_tell_no_school_day_refuse_nothing(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    periods: list[dict[str, Any]],
) -> None:
    simulator.seed(seed_of(periods))
    leave(oakwood)
    deliver()
    assert codes_written(simulator) == ["ED"]


@pytest.mark.parametrize("count", [1, FEW + 1])
@pytest.mark.parametrize(("table", "field"), BELL_FIELDS)
def test_bells_that_may_not_be_read_refuse_nothing_and_stop_nothing(  # noqa: PLR0917
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    table: str,
    field: str,
    count: int,
) -> None:
    simulator.withdraw(table, field)
    for student in range(count):
        leave(oakwood, student)
    deliver()
    assert statuses() == {"successful": count}
    assert (lane().blocked_reason, lane().mode_blocks) == (None, "{}")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 404},
        {"kind": "status", "status": 400},
        {"kind": "html_page"},
    ],
    ids=lambda fault: str(fault.get("status", fault["kind"])),
)
def test_a_table_of_bells_that_does_not_answer_well_is_done_without(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, fault: dict[str, Any]
) -> None:
    simulator.faults([fault | {"on": ITEMS, "times": 1}])
    leave(oakwood)
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert end_of() == ("successful", None)


@pytest.mark.parametrize(("table", "field"), BELL_FIELDS)
def test_a_refusal_is_remembered_for_some_minutes(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, table: str, field: str
) -> None:
    simulator.withdraw(table, field)
    oakwood.report()
    deliver()
    simulator.reset_calls()
    for student in range(1, 4):
        oakwood.report(student)
        deliver()
    asked = ("table:calendar_day", "table:bell_schedule_items")
    assert [simulator.calls().get(name, 0) for name in asked] == [0, 0]
    assert statuses() == {"successful": 4}


@pytest.mark.parametrize(("table", "field"), BELL_FIELDS)
def test_time_mode_still_fails_where_bells_may_not_be_read(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, table: str, field: str
) -> None:
    School.update(mode="time").execute()
    simulator.withdraw(table, field)
    oakwood.report()
    deliver()
    assert end_of() == ("pending", "fields_not_granted")
    assert field.lower() in Writeback.get().detail.lower()
    assert set(json.loads(lane().mode_blocks)) == {"time"}


def test_the_bells_cost_one_call_which_is_kept(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    for student in range(3):
        oakwood.report(student)
        deliver()
    calls = simulator.calls()
    assert calls["table:calendar_day"] == calls["table:bell_schedule_items"] == 1
    assert "table:period" not in calls
