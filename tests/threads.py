"""Threads that start together, each with a connection of its own."""

from __future__ import annotations

import threading
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
