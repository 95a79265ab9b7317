"""Storms, long chaos and the full-length lease: figures under real kills."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from tests.faults.conftest import Install
from tests.faults.homes import Home, make_home
from tests.faults.processes import Installation, report, settled, wait_until
from tests.faults.programs import Restarter
from vmps.config import Settings
from vmps.models import Lane
from vmps.simulator.control import Simulator

STORM = 5000
FLUSH = 500


@pytest.mark.parametrize("version", ["25.3.0.0"])
def test_a_storm_of_five_thousand_is_delivered_once(
    version: str, install: Install, settings: Settings, shared_simulator: Simulator
) -> None:
    home = make_home(shared_simulator, students=STORM, version=version)
    installation = install(LEASE_SECONDS="20", ATTEMPT_SECONDS="20", CALL_SECONDS="10")
    installation.start_all()
    desk = installation.open_desk(home)
    began = time.monotonic()
    for start in range(0, STORM, FLUSH):
        desk.flush(home.sis_ids[start : start + FLUSH])
    accepted = time.monotonic() - began
    installation.settle(50)
    report(accepted=round(accepted, 1), delivered=round(time.monotonic() - began, 1))
    assert installation.assert_exactly_once().events == STORM


def test_a_lane_resumes_within_half_a_minute_of_a_kill(
    install: Install, home: Home
) -> None:
    installation = install(LEASE_SECONDS="20", TICK_SECONDS="2")
    home.simulator.settings(latency_ms=300, version="24.11.0.0")
    installation.start_all()
    desk = installation.open_desk(home)
    desk.flush(home.sis_ids[:30])
    wait_until(lambda: settled(home.district_id) > 0, 10, "the first one")
    os.kill(installation.worker.pid, signal.SIGKILL)
    assert installation.worker.wait(5) == -signal.SIGKILL
    killed_at, fence = time.monotonic(), Lane.get().fence
    before = settled(home.district_id)
    assert before < 30
    installation.worker.start()
    restless = threading.Thread(
        target=desk.report_all, args=(home.sis_ids[30:],), kwargs={"per_second": 1.2}
    )
    restless.start()
    wait_until(lambda: settled(home.district_id) > before, 40, "the lane goes on")
    recovered = time.monotonic() - killed_at
    report(recovered_after=round(recovered, 1))
    assert Lane.get().fence > fence
    restless.join()
    installation.settle(30)
    installation.assert_exactly_once()
    assert recovered <= 30


def test_chaos_loses_and_doubles_nothing(
    installation: Installation, settings: Settings, shared_simulator: Simulator
) -> None:
    home = make_home(shared_simulator, students=200, version="24.11.0.0")
    shared_simulator.settings(latency_ms=100)
    installation.start_all()
    desk = installation.open_desk(home)

    sending = threading.Thread(
        target=desk.report_all, args=(home.sis_ids,), kwargs={"per_second": 10}
    )
    with Restarter(installation.worker) as supervisor:
        sending.start()
        killed = supervisor.kill_every(2.0, times=10)
        sending.join()
        seconds = installation.settle(30)
    findings = installation.assert_exactly_once()
    report(killed=killed, settled_after=round(seconds, 1))
    codes = installation.worker.exit_codes
    assert codes.count(-signal.SIGKILL) == killed >= 6
    assert findings.events == 200
