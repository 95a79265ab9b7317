"""kill -9 of a worker or scheduler at each step of a drain: nothing lost or doubled."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from tests.faults.homes import Home, make_home
from tests.faults.kiosk import FrontDesk
from tests.faults.processes import Installation
from tests.faults.programs import Program
from vmps.config import Settings
from vmps.simulator.control import Simulator

STEPS = ("after_claim", "before_send", "after_send", "before_record", "after_record")
AFTER_BEGINNING = {"before_send", "after_send", "before_record"}


def let_die(installation: Installation, dying: Program, home: Home) -> FrontDesk:
    """Report twelve students; wait until the process has killed itself."""
    installation.start(dying)
    desk = installation.open_desk(home)
    desk.flush(home.sis_ids[:12])
    pid = dying.pid
    assert dying.wait(20) == -signal.SIGKILL
    assert installation.marker.read_text() == str(pid)
    return desk


@pytest.mark.parametrize("step", STEPS)
def test_another_worker_takes_over_after_a_kill(
    step: str, installation: Installation, home: Home
) -> None:
    desk = let_die(installation, installation.dying("worker", step), home)
    desk.flush(home.sis_ids[12:18])  # the dead drain knew nothing of these
    installation.worker.start()
    installation.scheduler.start()
    installation.settle(30)
    findings = installation.assert_exactly_once()
    assert bool(findings.interrupted_attempts) == (step in AFTER_BEGINNING)


def test_a_single_write_sent_and_not_recorded_is_read_first(
    installation: Installation, settings: Settings, shared_simulator: Simulator
) -> None:
    home = make_home(shared_simulator, students=12, version="24.11.0.0")
    let_die(installation, installation.dying("worker", "after_send"), home)
    assert shared_simulator.calls()["daily_time"] >= 1
    installation.worker.start()
    installation.scheduler.start()
    installation.settle(30)
    findings = installation.assert_exactly_once()
    assert findings.interrupted_attempts
    assert findings.repeated_writes == 0


@pytest.mark.parametrize("step", ["after_claim", "after_send"])
def test_a_killed_scheduler_that_was_draining_is_taken_over(
    step: str, install: Callable[..., Installation], home: Home
) -> None:
    installation = install(redis_url="")
    let_die(installation, installation.dying("scheduler", step), home)
    installation.scheduler.start()
    installation.settle(30)
    installation.assert_exactly_once()


def test_everything_killed_at_once_goes_on_where_it_was(
    installation: Installation, home: Home
) -> None:
    home.simulator.settings(latency_ms=150, version="24.11.0.0")
    installation.start_all()
    desk = installation.open_desk(home)
    desk.flush(home.sis_ids)
    while not home.simulator.journal():
        pass
    installation.kill_all()
    assert len(home.simulator.journal()) < len(home.sis_ids)
    assert installation.worker.exit_codes == [-signal.SIGKILL]
    installation.start_all()
    installation.settle(30)
    assert installation.assert_exactly_once().interrupted_attempts
