"""A district of the cast whose PowerSchool is the simulator, and drains in-process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, make_oakwood
from vmps.clock import Clock
from vmps.config import Settings
from vmps.services import drain as drains
from vmps.services.drain import Dispatcher, drain
from vmps.services.link import Links
from vmps.simulator.control import Simulator


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A healthy simulator with Oakwood's district and an empty journal."""
    shared_simulator.seed(OAKWOOD_SEED)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood, connected to the simulator."""
    return make_oakwood(simulator.url)


@dataclass
class Clockwork:
    """A clock that stands until it is advanced."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clockwork:
    """The test's clock, at NOW."""
    return Clockwork(NOW)


@pytest.fixture
def dispatcher(
    settings: Settings, clock: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> Dispatcher:
    """What drains share; the database agrees with the test's clock."""
    monkeypatch.setattr(drains, "database_now", clock)
    return make_dispatcher(settings, clock)


def make_dispatcher(settings: Settings, clock: Clock) -> Dispatcher:
    """Return a dispatcher whose doorbell nobody hears."""
    return Dispatcher(settings, Links(settings), clock, "test", lambda district: None)


@pytest.fixture
def deliver(oakwood: Oakwood, dispatcher: Dispatcher) -> Callable[[], bool]:
    """Drain Oakwood's lane once."""
    return lambda: drain(oakwood.district.id, dispatcher)
