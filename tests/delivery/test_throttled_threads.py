"""A lane that is throttled for a moment goes on by itself, without the scheduler."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import Oakwood, statuses
from tests.delivery.conftest import lane
from tests.threads import wait_until
from vmps.clock import utcnow
from vmps.db import database_now
from vmps.jobs.doorbell import Doorbell
from vmps.jobs.lane_threads import LaneThreads
from vmps.models import Writeback
from vmps.services import drain as drains
from vmps.services.drain import Dispatcher
from vmps.simulator.control import Simulator


class Bell(Doorbell):
    """Notes who was rung; there is no Redis."""

    def __init__(self) -> None:
        super().__init__("")
        self.rung: list[int] = []

    def ring(self, district_id: int, *, is_urgent: bool = False) -> bool:
        self.rung.append(district_id)
        return True


@pytest.fixture
def lanes(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> tuple[LaneThreads, Bell]:
    """A process's lanes, on the true clock."""
    monkeypatch.setattr(drains, "database_now", database_now)
    bell = Bell()
    return LaneThreads(replace(dispatcher, clock=utcnow), bell), bell


def start_and_end(lanes: LaneThreads, district: int) -> float:
    """Drain the lane until its thread ends; return the seconds that it took."""
    began = time.monotonic()
    lanes.start(district, wait=True)
    for thread in list(lanes._threads.values()):
        thread.join(20)
    return time.monotonic() - began


def report(oakwood: Oakwood) -> None:
    oakwood.report()
    now = utcnow()
    later = now + timedelta(hours=1)
    Writeback.update(due_at=now, give_up_at=later).execute()


@pytest.mark.parametrize(
    ("interval_ms", "is_waited_for"), [(1000, True), (9000, False)]
)
def test_a_short_throttle_is_waited_for_then_the_lane_is_rung(
    oakwood: Oakwood,
    simulator: Simulator,
    lanes: tuple[LaneThreads, Bell],
    interval_ms: int,
    is_waited_for: bool,
) -> None:
    threads, bell = lanes
    simulator.settings(min_interval_ms=interval_ms, throttle_status=429)
    report(oakwood)
    took = start_and_end(threads, oakwood.district.id)
    assert lane().blocked_reason == "throttled"
    assert statuses() == {"pending": 1}
    assert bell.rung == ([oakwood.district.id] if is_waited_for else [])
    assert (took >= 0.9) is is_waited_for


def test_a_process_that_ends_waits_for_no_throttle(
    oakwood: Oakwood, simulator: Simulator, lanes: tuple[LaneThreads, Bell]
) -> None:
    threads, _ = lanes
    simulator.settings(min_interval_ms=2000, throttle_status=429)
    report(oakwood)
    threads.start(oakwood.district.id, wait=True)
    wait_until(lambda: lane().blocked_reason)
    began = time.monotonic()
    threads.finish()
    assert time.monotonic() - began < 0.9
