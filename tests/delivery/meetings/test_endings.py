"""A drain's end: what was read is written, so no call was made in vain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Oakwood, make_oakwood, statuses
from tests.delivery.conftest import Deliver
from vmps.config import Settings
from vmps.models import School, Student
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

MANY = 140
SEED = invent_district(1, MANY, modes=("meeting",)) | {"timezone": "America/Chicago"}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Drains that end before all is delivered."""
    more = {"ATTEMPT_SECONDS": 20, "CALL_SECONDS": 5, "DRAIN_SECONDS": 4}
    return config | more


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A school of meetings whose PowerSchool takes its time."""
    shared_simulator.seed(SEED)
    shared_simulator.settings(latency_ms=100)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood with these students."""
    oakwood = make_oakwood(simulator.url, SEED)
    School.update(mode="meeting").execute()
    return oakwood


def test_whoever_was_read_is_written_before_the_drain_ends(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    for student in range(MANY):
        oakwood.report(student)
    assert deliver()
    made = simulator.calls()
    read = made["query:meeting_interval_attendance_template"]
    assert 0 < read == made["meeting_interval"] < MANY
    assert statuses()["successful"] == read


def test_who_the_students_are_is_known_though_the_drain_ends_with_it(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.settings(latency_ms=1600)
    for student in range(10):
        oakwood.report(student)
    assert deliver()
    assert statuses() == {"pending": 10}
    assert "query:meeting_interval_attendance_template" not in simulator.calls()
    assert Student.select().where(Student.ps_id.is_null(False)).count() == 10
