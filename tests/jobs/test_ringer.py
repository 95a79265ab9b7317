"""The ringer: requests do not wait, every district named is rung."""

from __future__ import annotations

import threading
import time

from tests.threads import wait_until
from vmps.jobs.ringer import Ringer

SOON_SECONDS = 5


def test_every_district_named_is_rung() -> None:
    rung: set[int] = set()
    ringer = Ringer(rung.add)
    for district in range(20):
        ringer.ring(district)
    wait_until(lambda: len(rung) == 20)
    assert rung == set(range(20))


def test_a_bell_that_hangs_keeps_nobody_waiting() -> None:
    hanging, rung = threading.Event(), []

    def ring(district: int) -> None:
        rung.append(district)
        hanging.wait(SOON_SECONDS)

    ringer = Ringer(ring)
    began = time.monotonic()
    for _ in range(100):
        ringer.ring(1)
    assert time.monotonic() - began < 1
    hanging.set()


def test_what_is_named_while_the_bell_hangs_is_rung_once_after_it() -> None:
    hanging, rung = threading.Event(), []

    def ring(district: int) -> None:
        rung.append(district)
        hanging.wait(SOON_SECONDS)

    ringer = Ringer(ring)
    ringer.ring(1)
    wait_until(lambda: rung)
    for _ in range(50):
        ringer.ring(2)
    hanging.set()
    wait_until(lambda: len(rung) > 1)
    assert rung == [1, 2]
