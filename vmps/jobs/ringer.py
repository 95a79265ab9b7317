"""Ringing beside the requests: none waits for Redis, many events ring once."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Ringer:
    """Rings from a thread of its own, for the districts named since it last did.

    A ring that is lost with its process costs two seconds: the scheduler looks at the
    database. Commands, which end at once, ring without it.
    """

    def __init__(self, ring: Callable[[int], object]) -> None:
        self._ring = ring
        self._wanted: set[int] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def ring(self, district_id: int) -> None:
        """Have the district's bell rung; returns at once."""
        with self._changed:
            self._wanted.add(district_id)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="ringer", daemon=True
                )
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted)
                wanted, self._wanted = self._wanted, set()
            for district_id in wanted:
                self._ring(district_id)
