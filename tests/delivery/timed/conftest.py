"""Oakwood's school in Time mode."""

from __future__ import annotations

import copy

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood
from tests.delivery.timed.school import PERIODS
from vmps.models import School
from vmps.simulator.control import Simulator


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """Oakwood's PowerSchool, whose school keeps attendance by time."""
    seed = copy.deepcopy(OAKWOOD_SEED)
    seed["schools"][0] |= {
        "attendance_mode": "time",
        "periods": PERIODS,
        "half_days": ["2026-11-24"],
    }
    shared_simulator.seed(seed)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture(autouse=True)
def _time_mode(oakwood: Oakwood) -> None:
    School.update(mode="time").execute()
