"""Installations on either database, with everything ended after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.homes import Home, make_home
from tests.faults.processes import Installation
from tests.servers import Valkey
from vmps.config import Settings
from vmps.simulator.control import Simulator

Install = Callable[..., Installation]


@pytest.fixture
def install(
    tmp_path: Path, database_url: str, settings: Settings, redis: Valkey
) -> Iterator[Install]:
    """Make installations on the test's database and Redis; end them afterwards."""
    made: list[Installation] = []

    def make(redis_url: str = redis.url, **more: str) -> Installation:
        made.append(Installation(tmp_path, database_url, redis_url, **more))
        return made[-1]

    yield make
    for installation in made:
        installation.kill_all()


@pytest.fixture
def installation(install: Install) -> Installation:
    """An installation with quick settings, nothing started yet."""
    return install()


@pytest.fixture
def redis(valkey: Valkey) -> Iterator[Valkey]:
    """An empty Redis that answers; what a test does to it is undone."""
    valkey.flush()
    yield valkey
    valkey.kill()
    valkey.launch()


@pytest.fixture
def home(settings: Settings, shared_simulator: Simulator) -> Home:
    """Oakwood, 60 students, connected to a healthy simulator."""
    return make_home(shared_simulator, students=60)
