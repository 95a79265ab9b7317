"""A school that takes attendance by meeting, with the template query and without."""

from __future__ import annotations

import pytest

from tests.cast import Oakwood, make_oakwood
from tests.delivery.meetings.school import MEETING_SEED
from vmps.config import Settings
from vmps.models import School
from vmps.simulator.control import Simulator

QUERY = "meeting_interval_attendance_template"


@pytest.fixture(params=["template", "tables"])
def simulator(shared_simulator: Simulator, request: pytest.FixtureRequest) -> Simulator:
    """A school of meetings; with the template query, and without it."""
    shared_simulator.seed(MEETING_SEED)
    if request.param == "tables":
        shared_simulator.settings(missing_queries=[QUERY])
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood, connected to the simulator, in Meeting mode."""
    oakwood = make_oakwood(simulator.url, MEETING_SEED)
    School.update(mode="meeting", protected_codes='["S"]').execute()
    return oakwood
