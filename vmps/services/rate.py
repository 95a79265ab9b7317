"""How many requests a kiosk may make: a bucket each, in this process."""

from __future__ import annotations

import threading

BURST_SECONDS = 10.0


class RateLimit:
    """Lets `per_second` through on average, bursts of ten times that; 0: no limit."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._most = per_second * BURST_SECONDS
        self._buckets: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def allows(self, key: int, now: float) -> bool:
        """Take one from the bucket of `key`; `now` is in seconds of any clock."""
        if self._per_second <= 0:
            return True
        with self._lock:
            left, since = self._buckets.get(key, (self._most, now))
            left = min(self._most, left + (now - since) * self._per_second)
            is_allowed = left >= 1
            self._buckets[key] = (left - is_allowed, now)
        return is_allowed
