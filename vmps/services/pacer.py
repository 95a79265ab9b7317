"""The pacer of a lane: its threads' calls start one after the other, so far apart."""

from __future__ import annotations

import threading
import time

from vmps.services.pace import Pace

#: Two paces that differ by less are the same: no word about it to other processes.
SAME = 0.01


class Pacer:
    """Spaces the starts of calls; shared by a lane's threads."""

    def __init__(self, at_once: int = 4) -> None:
        """Up to `at_once` calls are under way when one of them is refused."""
        self._near_calls = 2 * at_once + 2
        self._pace = Pace()
        self._started_at = 0.0
        self._refused_at = 0.0
        #: What the lane's row said last, to be told from what we learnt ourselves.
        self._told = 0.0
        #: Whose turn it is to start; the pace is changed under the other lock.
        self._turn = threading.Lock()
        self._lock = threading.Lock()

    @property
    def seconds(self) -> float:
        """Return the seconds between two starts; 0 for none."""
        return self._pace.seconds

    def wait(self, at_most: float) -> None:
        """Wait for this call's turn, `at_most` seconds.

        A thread that wakes up late moves those behind it: a start that came late and
        one in time would be too near to each other.
        """
        if self.seconds <= 0:
            return
        until = time.monotonic() + at_most
        if not self._turn.acquire(timeout=max(0.0, at_most)):
            return
        try:
            now = time.monotonic()
            starts_at = self._started_at + self.seconds
            if starts_at > now:
                time.sleep(max(0.0, min(starts_at, until) - now))
            with self._lock:
                self._started_at = time.monotonic()
                self._pace = self._pace.after_call(self._started_at)
        finally:
            self._turn.release()

    def slow_down(self) -> None:
        """PowerSchool refused a call for coming too soon."""
        with self._lock:
            now = time.monotonic()
            if now - self._refused_at < self.seconds:
                return  # a refusal of the same moment: calls were under way together
            self._pace = self._pace.after_refusal(now, self._near_calls)
            self._refused_at = self._started_at = now

    def start_at(self, seconds: float) -> None:
        """Take up what the lane's row says, where another process wrote it."""
        with self._lock:
            if abs(seconds - self._told) <= SAME * max(seconds, self._told):
                return
            self._told = seconds
            if seconds <= 0:
                self._pace = Pace()
            else:
                self._pace = Pace.learnt(seconds, time.monotonic())

    def to_tell(self) -> float | None:
        """Return the pace for the lane's row, None where that is what stands there."""
        with self._lock:
            seconds = self.seconds
            if abs(seconds - self._told) <= SAME * max(seconds, self._told):
                return None
            self._told = seconds
            return seconds
