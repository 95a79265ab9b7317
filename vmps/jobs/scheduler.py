"""The scheduler: looks at the database, rings, and delivers where nobody comes."""

# It needs nothing but the database, so that Redis may be gone for good.

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from vmps.clock import Clock, utcnow
from vmps.config import Settings
from vmps.db import UNAVAILABLE, drop_connection, transaction
from vmps.jobs import drains
from vmps.jobs.doorbell import Doorbell
from vmps.jobs.lane_threads import LaneThreads
from vmps.jobs.mode_checks import ModeChecks
from vmps.jobs.year_turn import YearTurn
from vmps.models import Heartbeat
from vmps.services.overdue import give_up_overdue, lanes_to_ring, was_abandoned

log = logging.getLogger(__name__)

HEARTBEAT = "scheduler"
URGENT_AFTER_SECONDS = 10.0
DRAIN_AFTER_SECONDS = 20.0


class Scheduler:
    """What one scheduler process remembers between its ticks."""

    def __init__(self, clock: Clock, doorbell: Doorbell, lanes: LaneThreads) -> None:
        self._clock, self._doorbell, self._lanes = clock, doorbell, lanes
        self._waiting_since: dict[int, float] = {}

    def tick(self) -> None:
        """Beat, give up what is overdue, see to every lane that waits."""
        now = self._clock()
        beat(now)
        give_up_overdue(now)
        waiting = lanes_to_ring(now)
        before, self._waiting_since = (
            self._waiting_since,
            {
                district: self._waiting_since.get(district, time.monotonic())
                for district in waiting
            },
        )
        for district in waiting:
            # The bell may have rung in vain while the dead drain's lease still ran.
            is_abandoned = district not in before and was_abandoned(district)
            self._see_to(district, is_urgent=is_abandoned)

    def _see_to(self, district_id: int, *, is_urgent: bool) -> None:
        waited = time.monotonic() - self._waiting_since[district_id]
        is_urgent = is_urgent or waited > URGENT_AFTER_SECONDS
        is_rung = self._doorbell.ring(district_id, is_urgent=is_urgent)
        if not is_rung or waited > DRAIN_AFTER_SECONDS:
            self._lanes.start(district_id, wait=False)


def beat(now: datetime) -> None:
    """Write down that the scheduler lives."""
    with transaction():
        (
            Heartbeat.insert(name=HEARTBEAT, beat_at=now)
            .on_conflict(
                conflict_target=[Heartbeat.name], update={Heartbeat.beat_at: now}
            )
            .execute()
        )


def run_scheduler(settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT; a database that is away is waited for."""
    doorbell = Doorbell(settings.redis_url)
    dispatcher = drains.make_dispatcher(settings, doorbell, utcnow)
    lanes = LaneThreads(dispatcher, doorbell)
    scheduler = Scheduler(utcnow, doorbell, lanes)
    modes = ModeChecks(settings, utcnow)
    year_turn = YearTurn(settings, dispatcher.links, utcnow)
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    modes.start()
    while not stopped.is_set():
        _try(scheduler.tick)
        year_turn.tick()
        stopped.wait(settings.tick_seconds)
    modes.stop()
    year_turn.finish()
    lanes.finish()


def _try(tick: Callable[[], None]) -> None:
    try:
        tick()
    except UNAVAILABLE as error:
        drop_connection()
        log.warning("scheduler.no_database error=%s", type(error).__name__)
