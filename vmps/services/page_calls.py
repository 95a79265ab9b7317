"""Calls that a page makes while its reader waits: few at a time in one process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from vmps.services.problems import Problem

#: A server that hangs, or a name that nobody knows, must not take all the threads that
#: answer kiosks: half of the four that a web process has.
AT_ONCE = 2

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
