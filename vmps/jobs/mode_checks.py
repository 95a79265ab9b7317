"""The scheduler's look at which attendance modes PowerSchool uses, beside its ticks."""

from __future__ import annotations

import logging
import threading
import time

from vmps.clock import Clock
from vmps.config import Settings
from vmps.db import UNAVAILABLE, drop_connection
from vmps.services.check_modes import check_due_modes
from vmps.services.ledger import without_message

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
#: A district whose PowerSchool could not be asked is let alone so long.
SKIP_SECONDS = 3600.0


class ModeChecks:
    """A thread of its own: a PowerSchool that hangs keeps no lane waiting."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._skipped: dict[int, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="mode-checks", daemon=True
        )

    def start(self) -> None:
        """Begin to look, once a minute."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a call under way is not waited for."""
        self._stopped.set()

    def look(self) -> None:
        """Check some schools; remember whose PowerSchool could not be asked."""
        now = time.monotonic()
        self._skipped = {d: until for d, until in self._skipped.items() if until > now}
        failed = check_due_modes(
            self._settings, now=self._clock(), skipped=self._skipped
        )
        for district_id in failed:
            log.warning("modes.not_checked district=%s", district_id)
            self._skipped[district_id] = now + SKIP_SECONDS

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.look()
            except UNAVAILABLE as error:
                log.warning("modes.no_database error=%s", type(error).__name__)
            except Exception as error:  # the job boundary: looked for again later
                log.error("modes.failed error=%s", without_message(error))
            finally:
                drop_connection()
