"""A district of the cast whose PowerSchool is the simulator, and drains in-process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, make_oakwood
from tests.clock import Watch
from vmps.clock import Clock
from vmps.config import Settings
from vmps.models import Attempt, Lane, Writeback
from vmps.services import drain as drains
from vmps.services.drain import Dispatcher, drain
from vmps.services.link import Links
from vmps.simulator.control import Simulator

#: Drains a lane once; tells whether it wants to be rung again.
Deliver = Callable[[], bool]


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Short deadlines: a fault need not be waited for long."""
    return config | {"ATTEMPT_SECONDS": 2, "CALL_SECONDS": 1}


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


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock of everybody."""
    found = Watch()
    monkeypatch.setattr(drains, "database_now", found)
    return found


@pytest.fixture
def dispatcher(settings: Settings, watch: Watch) -> Dispatcher:
    """What drains share."""
    return make_dispatcher(settings, watch)


def make_dispatcher(settings: Settings, clock: Clock) -> Dispatcher:
    """Return a dispatcher whom nobody rings; what it keeps grows old by `clock`."""
    links = Links(settings, lambda: clock().timestamp())
    return Dispatcher(settings, links, clock, "test", lambda district: None)


@pytest.fixture
def deliver(oakwood: Oakwood, dispatcher: Dispatcher) -> Deliver:
    """Drain Oakwood's lane once."""
    return lambda: drain(oakwood.district.id, dispatcher)


def end_of(event: int | None = None) -> tuple[str, str | None]:
    """Return status and cause of an event's writeback, the only one by default."""
    query = Writeback.select()
    if event is not None:
        query = query.where(Writeback.event == event)
    (writeback,) = query
    return writeback.status, writeback.cause


def outcomes() -> list[str]:
    """Return how the attempts ended, oldest first."""
    return [a.outcome for a in Attempt.select().order_by(Attempt.id)]


def lane() -> Lane:
    """Return the only lane as it stands."""
    (found,) = Lane.select()
    return found


def codes_written(simulator: Simulator, student: int = 500) -> list[str | None]:
    """Return the codes that we wrote for a student, oldest first."""
    return [
        row["att_code"]
        for row in simulator.journal()
        if row["studentid"] == student and row["by"] == "plugin"
    ]
