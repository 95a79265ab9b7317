"""The pace of a lane's calls: learnt from refusals, kept just slow enough."""

from __future__ import annotations

import threading
import time

FIRST_SECONDS = 0.02
SLOWEST_SECONDS = 10.0
#: A refused pace is not tried again for so long.
REMEMBERED_SECONDS = 600.0
#: After each call the pace quickens by this share, down to the refused one.
QUICKENING = 0.01
MARGIN = 1.1


class Pacer:
    """Spaces the starts of calls; shared by a lane's threads."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._floor = 0.0
        self._floor_until = 0.0
        self._next_at = 0.0
        self._lock = threading.Lock()

    def wait(self, at_most: float) -> None:
        """Wait for this call's turn, `at_most` seconds."""
        if self.seconds <= 0:
            return
        with self._lock:
            now = time.monotonic()
            starts_at = max(now, self._next_at)
            self._next_at = starts_at + self.seconds
            self._quicken(now)
        time.sleep(min(starts_at - now, at_most))

    def slow_down(self) -> None:
        """PowerSchool refused a call for coming too soon."""
        with self._lock:
            now = time.monotonic()
            self._floor = min(self.seconds * MARGIN, SLOWEST_SECONDS)
            self._floor_until = now + REMEMBERED_SECONDS
            slower = max(self.seconds * 1.5, FIRST_SECONDS)
            self.seconds = min(slower, SLOWEST_SECONDS)
            self._next_at = max(self._next_at, now + self.seconds)

    def start_at(self, seconds: float) -> None:
        """Begin with a pace that another process has learnt."""
        with self._lock:
            self.seconds = max(self.seconds, seconds)

    def _quicken(self, now: float) -> None:
        floor = self._floor if now < self._floor_until else 0.0
        self.seconds = max(self.seconds * (1 - QUICKENING), floor)
        if self.seconds < FIRST_SECONDS / 2:
            self.seconds = 0.0
