"""Calls that a page makes while its reader waits: few at a time in one process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from vmps.powerschool import Deadline, Throttled
from vmps.services.pacer import Pacer
from vmps.services.problems import Problem

Found = TypeVar("Found")

#: A server that hangs, or a name that nobody knows, must not take all the threads that
#: answer kiosks: half of the four that a web process has.
AT_ONCE = 2

#: A call that PowerSchool refused for coming too soon is repeated so often.
REPEATS = 3

_places = threading.BoundedSemaphore(AT_ONCE)


class Crowded(Problem):
    """All places are taken; nothing was asked."""

    def __init__(self) -> None:
        super().__init__(
            "Others are asking PowerSchool just now. Try again in a few seconds."
        )


@contextmanager
def place_for_call() -> Iterator[None]:
    """Hold a place, or raise `Crowded` at once: waiting would hold a thread too."""
    if not _places.acquire(blocking=False):
        raise Crowded
    try:
        yield
    finally:
        _places.release()


class Budget:
    """The wall clock of all calls of one test, and of each of them."""

    def __init__(self, pacer: Pacer, *, seconds: float, call_seconds: float) -> None:
        self._pacer, self._call_seconds = pacer, call_seconds
        self._end = Deadline.after(seconds)

    def call(self, call: Callable[[Deadline], Found]) -> Found:
        """Make a call; repeat it when it came too soon, while time is left for that."""
        for _ in range(REPEATS):
            try:
                return call(self._deadline())
            except Throttled as error:
                if not error.came_too_soon:
                    raise
                self._pacer.slow_down()
                wait = max(error.retry_after or 0.0, self._pacer.seconds)
                if wait >= self._end.remaining():
                    raise
                time.sleep(wait)
        return call(self._deadline())

    def _deadline(self) -> Deadline:
        one = Deadline.after(self._call_seconds)
        return min(one, self._end, key=Deadline.remaining)
