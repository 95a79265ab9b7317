"""One district's PowerSchool is dead: its neighbours must not notice."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.faults.conftest import Install
from tests.faults.homes import Home, make_home
from tests.faults.kiosk import FrontDesk
from tests.faults.processes import Installation, report, settled, wait_until
from tests.faults.programs import FLASK
from vmps.config import Settings
from vmps.simulator.control import Simulator

ALIVE_SECONDS = 5


@pytest.fixture
def homes(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Home]]:
    """Three districts; the first one's PowerSchool swallows every call."""
    names = ("Dead", "Oakwood", "Birch")
    simulators = [Simulator.start(tmp_path_factory.mktemp(name)) for name in names]
    pairs = zip(simulators, names, strict=True)
    yield [make_home(simulator, students=30, name=name) for simulator, name in pairs]
    for simulator in simulators:
        simulator.stop()


def test_a_dead_district_keeps_nobody_waiting(
    install: Install, homes: list[Home]
) -> None:
    installation = install(CALL_SECONDS="10", ATTEMPT_SECONDS="20", LEASE_SECONDS="20")
    dead = homes[0]
    dead.simulator.faults([{"kind": "black_hole", "on": "any"}])
    installation.start_all()
    desks = [installation.open_desk(home) for home in homes]
    desks[0].report_all(dead.sis_ids[:10])
    wait_until(lambda: bool(dead.simulator.fired()[0]["fired"]), 10, "a call hangs")
    slowest = max(rush(desks[1:], turn) for turn in range(3))
    report(healthy_waited_at_most=round(slowest, 2))
    assert settled(dead.district_id) == 0
    assert dead.simulator.fired()[0]["fired"]
    assert slowest <= ALIVE_SECONDS
    heal(installation, dead)
    installation.settle(60)
    installation.assert_exactly_once()


def rush(desks: list[FrontDesk], turn: int) -> float:
    """Report ten students at each desk; return how long the last of them waited."""
    began, total = time.monotonic(), (turn + 1) * 10
    for desk in desks:
        desk.flush(desk.home.sis_ids[turn * 10 : total])
    wait_until(
        lambda: all(settled(desk.home.district_id) == total for desk in desks),
        60,
        "the healthy ones are delivered",
    )
    return time.monotonic() - began


def heal(installation: Installation, dead: Home) -> None:
    """PowerSchool is well again, and an operator says so."""
    dead.simulator.faults([])
    resume = ("lanes", "resume", "--district", str(dead.district_id))
    command = installation.program("resume", (*FLASK, *resume))
    command.start()
    assert command.wait(10) == 0
