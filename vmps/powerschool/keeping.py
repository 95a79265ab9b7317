"""What is the same for a whole school, kept for an hour."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import NotSent

KEEP_SECONDS = 3600.0
MOST_KEPT = 2000

Item = TypeVar("Item")


@dataclass(slots=True)
class _Kept:
    value: Any = None
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Keeper:
    """Reads each key once in a while; of many threads one reads, the others wait."""

    def __init__(
        self,
        seconds: float = KEEP_SECONDS,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._monotonic = seconds, monotonic
        self._kept: dict[Hashable, _Kept] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Item], deadline: Deadline) -> Item:
        """What `read` brought lately; its errors are raised and not kept."""
        kept = self._find(key)
        if not self._is_fresh(kept):
            if not kept.lock.acquire(timeout=deadline.remaining()):
                raise NotSent("No time was left to wait for another's answer.")
            try:
                if not self._is_fresh(kept):
                    kept.value = read()
                    kept.until = self._monotonic() + self._seconds
            finally:
                kept.lock.release()
        value: Item = kept.value
        return value

    def put(self, key: Hashable, value: Any) -> None:
        """Keep what was just read for another purpose."""
        kept = self._find(key)
        kept.value, kept.until = value, self._monotonic() + self._seconds

    def has(self, key: Hashable) -> bool:
        """Whether a `get` would read nothing."""
        return self._is_fresh(self._find(key))

    def _is_fresh(self, kept: _Kept) -> bool:
        return self._monotonic() < kept.until

    def _find(self, key: Hashable) -> _Kept:
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept = {
                    k: kept for k, kept in self._kept.items() if self._is_fresh(kept)
                }
            return self._kept.setdefault(key, _Kept())
