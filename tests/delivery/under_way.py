"""A block that runs while a drain's call to PowerSchool is under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.delivery.conftest import Deliver
from tests.threads import wait_until
from vmps.db import drop_connection
from vmps.simulator.control import Simulator


@contextmanager
def under_way(deliver: Deliver, simulator: Simulator, endpoint: str) -> Iterator[None]:
    """Run the block while a drain's call of this endpoint is under way."""

    def work() -> None:
        deliver()
        drop_connection()

    simulator.settings(latency_ms=100)
    before = simulator.calls().get(endpoint, 0)
    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: simulator.calls().get(endpoint, 0) > before)
    yield
    thread.join()
