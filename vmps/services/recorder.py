"""What has ended and is not yet in the database: recorded in groups, soon."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable

from vmps.clock import Clock
from vmps.db import UNAVAILABLE, drop_connection
from vmps.services.identify import Resolution
from vmps.services.lease import Lease
from vmps.services.record import Result, record_results

log = logging.getLogger(__name__)

FLUSH_AT = 64
FLUSH_AFTER_SECONDS = 0.1
PAUSE_SECONDS = 0.2


class Recorder:
    """Collects results; a database that is away for a while delays them, no more."""

    def __init__(self, lease: Lease, clock: Clock) -> None:
        self._lease, self._clock = lease, clock
        self._chance = random.Random()
        self._results: list[Result] = []
        self._learnt: list[Resolution] = []
        self._since = 0.0

    def add(self, result: Result) -> None:
        """Keep a result until the next flush."""
        self._note_first()
        self._results.append(result)

    def learn(self, resolutions: Iterable[Resolution]) -> None:
        """Keep who students are: known even if the drain ends before their turn."""
        self._note_first()
        self._learnt.extend(resolutions)

    def _note_first(self) -> None:
        if not (self._results or self._learnt):
            self._since = time.monotonic()

    def flush(self, *, is_forced: bool) -> list[Result]:
        """Record what is due; return what now stands in the database."""
        waited = time.monotonic() - self._since
        is_due = len(self._results) >= FLUSH_AT or waited > FLUSH_AFTER_SECONDS
        if not (self._results or self._learnt) or not (is_forced or is_due):
            return []
        try:
            record_results(
                self._lease.district_id,
                self._results,
                self._learnt,
                fence=self._lease.fence,
                now=self._clock(),
                chance=self._chance,
            )
        except UNAVAILABLE as error:
            drop_connection()
            log.warning("drain.not_recorded error=%s", type(error).__name__)
            time.sleep(PAUSE_SECONDS)
            return []
        recorded, self._results, self._learnt = self._results, [], []
        for result in recorded:
            self._log(result)
        return recorded

    def _log(self, result: Result) -> None:
        for claim in result.unit.claims:
            ended = result.reaction or result.verdicts[claim.event_id]
            log.info(
                "writeback.attempted id=%s district=%s outcome=%s cause=%s",
                claim.writeback_id,
                self._lease.district_id,
                ended.outcome,
                ended.cause or "-",
            )
