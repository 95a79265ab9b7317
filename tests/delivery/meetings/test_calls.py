"""Meeting mode: how many calls of PowerSchool an event costs, everything included."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import NOW, Oakwood, make_oakwood, statuses
from tests.delivery.conftest import Deliver
from tests.delivery.meetings.conftest import QUERY
from vmps.config import Settings
from vmps.models import EventType, School
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

MANY = 220
SEED = invent_district(1, MANY, modes=("meeting",)) | {"timezone": "America/Chicago"}
MOST = 2.2


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """A busy machine makes no call twice."""
    return config | {"ATTEMPT_SECONDS": 20, "CALL_SECONDS": 10}


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A school of 220 students in six classes a day."""
    shared_simulator.seed(SEED)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood with these students, none of whom has been looked up."""
    oakwood = make_oakwood(simulator.url, SEED)
    School.update(mode="meeting").execute()
    return oakwood


def report_all(oakwood: Oakwood) -> None:
    for student in range(MANY):
        oakwood.report(student)


def until_idle(deliver: Deliver) -> None:
    for _ in range(10):
        if not deliver():
            return


def total(simulator: Simulator) -> int:
    return sum(simulator.calls().values())


@pytest.mark.parametrize("missing", [[], [QUERY]], ids=["template", "tables"])
def test_many_events_cost_few_calls_each(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    missing: list[str],
) -> None:
    simulator.settings(missing_queries=missing)
    report_all(oakwood)
    until_idle(deliver)
    assert statuses() == {"successful": MANY}
    assert total(simulator) / MANY <= MOST


def test_a_return_of_all_is_read_back_in_few_calls_too(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    """Their rows are old by then, among others': the ids have gaps."""
    report_all(oakwood)
    until_idle(deliver)
    simulator.reset_calls()
    for student in range(MANY):
        oakwood.report(student, type=EventType.EARLY_CHECK_OUT, reason="Dentist",
                       external_id=f"out-{student}", occurred_at=NOW)  # fmt: skip
    until_idle(deliver)
    assert total(simulator) / MANY <= MOST


def test_a_quiet_event_of_a_known_student_costs_three_calls(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report(0)
    deliver()
    simulator.reset_calls()
    oakwood.report(0, type=EventType.EARLY_CHECK_OUT, reason="Dentist", external_id="o")
    deliver()
    assert statuses() == {"successful": 2}
    assert total(simulator) <= 3
