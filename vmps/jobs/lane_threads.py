"""Lanes drained beside each other in one process, so that none waits for another."""

# A drain spends its time waiting for PowerSchool; a dead district's would keep the
# process from its neighbours for as long as its calls hang.

from __future__ import annotations

import logging
import threading

from vmps.db import UNAVAILABLE, drop_connection
from vmps.jobs.doorbell import Doorbell
from vmps.services.drain import Dispatcher, drain, has_work
from vmps.services.lanes import seconds_throttled
from vmps.services.ledger import without_message

log = logging.getLogger(__name__)

#: A throttle this short is waited for: the scheduler would come later.
SHORT_SECONDS = 2.0


class LaneThreads:
    """Up to `lanes_per_process` drains at a time, one thread each."""

    def __init__(self, dispatcher: Dispatcher, doorbell: Doorbell) -> None:
        self._dispatcher, self._doorbell = dispatcher, doorbell
        self._places = threading.Semaphore(dispatcher.settings.lanes_per_process)
        self._threads: dict[int, threading.Thread] = {}
        #: Asked for while they were being drained: drained once more.
        self._again: set[int] = set()
        self._lock = threading.Lock()

    def start(self, district_id: int, *, wait: bool) -> bool:
        """Drain the lane in a thread; return whether there was a place for it."""
        with self._lock:
            if district_id in self._threads:
                self._again.add(district_id)
                return True
        if not self._places.acquire(blocking=wait):
            return False
        thread = threading.Thread(
            target=self._drain, args=(district_id,), name=f"lane-{district_id}"
        )
        with self._lock:
            self._threads[district_id] = thread
        thread.start()
        return True

    def finish(self) -> None:
        """Let the drains end what is under way, and wait for them."""
        self._dispatcher.stopped.set()
        with self._lock:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join()

    def _drain(self, district_id: int) -> None:
        is_wanted = True
        while is_wanted:
            is_unfinished = self._drain_once(district_id)
            with self._lock:
                is_wanted = district_id in self._again
                self._again.discard(district_id)
                if not is_wanted:
                    del self._threads[district_id]
        drop_connection()
        self._places.release()
        if is_unfinished and not self._doorbell.ring(district_id, is_urgent=True):
            log.debug("lane.left district=%s the scheduler goes on", district_id)

    def _drain_once(self, district_id: int) -> bool:
        try:
            is_unfinished = drain(district_id, self._dispatcher)
            return is_unfinished or self._waits_well(district_id)
        except UNAVAILABLE as error:
            drop_connection()
            log.warning("lane.no_database error=%s", type(error).__name__)
        except Exception as error:  # the job boundary: the scheduler finds what is left
            log.error(
                "lane.drain_failed district=%s error=%s",
                district_id,
                without_message(error),
            )
        return False

    def _waits_well(self, district_id: int) -> bool:
        """Wait while a lane is throttled for a moment; tell whether it goes on then."""
        dispatcher = self._dispatcher
        seconds = seconds_throttled(district_id, now=dispatcher.clock())
        if not 0 < seconds <= SHORT_SECONDS or dispatcher.stopped.wait(seconds):
            return False
        return has_work(district_id, dispatcher)
