"""SIGTERM: each process finishes what is in flight and ends with code 0."""

from __future__ import annotations

import pytest

from tests.conftest import ON_POSTGRESQL, ON_SQLITE
from tests.faults.conftest import Install
from tests.faults.homes import Home
from tests.faults.processes import Installation, pending, report, wait_until
from tests.servers import Valkey
from vmps.models import Attempt, Lane, Outcome


def test_a_busy_worker_finishes_what_is_in_flight(install: Install, home: Home) -> None:
    installation = install(DRAIN_SECONDS="2")
    home.simulator.settings(latency_ms=150, version="24.11.0.0")
    installation.start(installation.worker)
    desk = installation.open_desk(home)
    desk.flush(home.sis_ids)
    wait_until(lambda: bool(home.simulator.journal()), 10, "the first row")
    assert installation.worker.stop() == 0
    assert pending(), "the fault came too late"
    unsure = Attempt.select().where(
        Attempt.outcome.in_([Outcome.AMBIGUOUS, Outcome.STARTED])
    )
    assert not unsure.exists()
    assert Lane.get().lease_until is None
    installation.worker.start()
    installation.scheduler.start()
    installation.settle(30)
    assert installation.assert_exactly_once().ambiguous_attempts == 0


@ON_POSTGRESQL
@pytest.mark.parametrize("redis_is", ["well", "killed", "frozen"])
def test_an_idle_worker_ends_at_once(
    redis_is: str, installation: Installation, home: Home, redis: Valkey
) -> None:
    installation.start(installation.worker)
    desk = installation.open_desk(home)
    desk.report(home.sis_ids[0])
    installation.settle(30)
    {"well": str, "killed": redis.kill, "frozen": redis.freeze}[redis_is]()
    assert installation.worker.stop() == 0


def test_a_draining_scheduler_finishes_what_is_in_flight(
    install: Install, home: Home
) -> None:
    installation = install(redis_url="", DRAIN_SECONDS="2")
    home.simulator.settings(latency_ms=150, version="24.11.0.0")
    installation.start(installation.scheduler)
    desk = installation.open_desk(home)
    desk.flush(home.sis_ids)
    wait_until(lambda: bool(home.simulator.journal()), 10, "the first row")
    assert installation.scheduler.stop() == 0
    assert pending(), "the fault came too late"
    installation.scheduler.start()
    installation.settle(30)
    findings = installation.assert_exactly_once()
    report(ambiguous=findings.ambiguous_attempts)
    assert findings.ambiguous_attempts == 0


@ON_SQLITE
def test_a_web_server_answers_what_it_has_begun(
    installation: Installation, home: Home
) -> None:
    installation.start_all()
    desk = installation.open_desk(home)
    desk.report_all(home.sis_ids[:20])
    assert installation.web.stop() == 0
    installation.settle(30)
    installation.assert_exactly_once()
