"""The turn of the school year: new codes, in a thread of the scheduler's own."""

# The scheduler's tick never waits for PowerSchool: here it does, beside the tick.

from __future__ import annotations

import logging
import threading
import time
from itertools import groupby

from vmps.clock import Clock
from vmps.config import Settings
from vmps.db import UNAVAILABLE, drop_connection
from vmps.models import Lane, School
from vmps.services.ledger import without_message
from vmps.services.link import Links
from vmps.services.roll_over import RolledOver, roll_over, schools_behind

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
FINISH_SECONDS = 5.0
#: After an error, and where PowerSchool does not have the new year yet.
RETRY_SECONDS, WAIT_SECONDS = 900.0, 6 * 3600.0


class YearTurn:
    """What one process remembers: when it looked, and which schools wait till when."""

    def __init__(self, settings: Settings, links: Links, clock: Clock) -> None:
        self._settings, self._links, self._clock = settings, links, clock
        self._look_at = 0.0
        self._wait_until: dict[int, float] = {}
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def tick(self) -> None:
        """Start a go when it is time for one, and none is under way."""
        if time.monotonic() < self._look_at or self._is_busy():
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        self._thread = threading.Thread(target=self._go, name="year-turn", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Let the school under way end; what is not stored then is fetched again."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=FINISH_SECONDS)

    def go(self) -> list[RolledOver]:
        """See to every district that has schools of a year that is over."""
        now = self._clock()
        behind = [s for s in schools_behind(now) if self._is_free(s)]
        done = []
        by_district = sorted(behind, key=lambda school: school.district_id)
        for district_id, group in groupby(by_district, lambda s: s.district_id):
            if self._stopped.is_set():
                break
            done += self._go_through(district_id, list(group))
        return done

    def _go_through(self, district_id: int, schools: list[School]) -> list[RolledOver]:
        pace = Lane.get_by_id(district_id).pace_seconds
        link = self._links.find(district_id, pace_seconds=pace)
        if link is None:
            return []
        found = roll_over(
            link,
            schools,
            call_seconds=self._settings.call_seconds,
            now=self._clock(),
        )
        if found.is_throttled:
            self._links.slow_down(district_id)
        if found.is_refused:
            self._let_wait(schools, RETRY_SECONDS)
        self._let_wait(list(found.not_yet), WAIT_SECONDS)
        return [found]

    def _is_busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _is_free(self, school: School) -> bool:
        return time.monotonic() >= self._wait_until.get(school.id, 0.0)

    def _let_wait(self, schools: list[School], seconds: float) -> None:
        until = time.monotonic() + seconds
        self._wait_until |= dict.fromkeys((school.id for school in schools), until)

    def _go(self) -> None:
        try:
            self.go()
        except UNAVAILABLE as error:
            log.warning("year_turn.no_database error=%s", type(error).__name__)
        except Exception as error:  # the job boundary: the next look finds what is left
            log.error("year_turn.failed error=%s", without_message(error))
        finally:
            drop_connection()
