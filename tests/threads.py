"""Threads that start together, each with a connection of its own; and waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vmps import db


def at_once(work: Callable[[int], Any], times: int) -> list[Any]:
    """Call `work` in so many threads, all starting together."""
    barrier = threading.Barrier(times)

    def start(number: int) -> Any:
        try:
            barrier.wait()
            return work(number)
        finally:
            db.drop_connection()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(start, range(times)))


def wait_until(is_so: Callable[[], object], *, seconds: float = 10) -> None:
    """Wait for what another thread does; fail where it does not come."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It did not come about in time."
        time.sleep(0.01)
