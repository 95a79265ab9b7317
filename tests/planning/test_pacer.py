"""A lane's threads take turns at its pace, and tell others what they learnt."""

from __future__ import annotations

import threading
import time

import pytest

from vmps.services import pacer as pacers
from vmps.services.pace import REMEMBERED_SECONDS, SLOWEST_SECONDS
from vmps.services.pacer import Pacer


class Day:
    """A clock that sleeping moves, later than asked for by `late` seconds."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.late = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + self.late


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """The pacer's clock, in the test's hands."""
    found = Day()
    monkeypatch.setattr(pacers, "time", found)
    return found


def test_without_a_pace_nobody_waits(day: Day) -> None:
    Pacer().wait(20)
    assert day.now == 1000.0


def test_starts_are_apart_by_the_pace(day: Day) -> None:
    pacer = Pacer()
    pacer.start_at(0.5)
    starts = []
    for _ in range(5):
        pacer.wait(20)
        starts.append(day.now)
    gaps = [b - a for a, b in zip(starts, starts[1:], strict=False)]
    assert gaps == pytest.approx([0.5] * 4)


def test_who_wakes_up_late_moves_those_behind(day: Day) -> None:
    pacer = Pacer()
    pacer.start_at(0.5)
    pacer.wait(20)
    day.late = 0.3
    pacer.wait(20)
    late, day.late = day.now, 0.0
    pacer.wait(20)
    assert day.now - late == pytest.approx(0.5)


def test_nobody_waits_longer_than_the_deadline_leaves(day: Day) -> None:
    pacer = Pacer()
    pacer.start_at(5.0)
    pacer.wait(20)
    before = day.now
    pacer.wait(0.05)
    assert day.now - before == pytest.approx(0.05)


def test_nor_for_a_thread_before_it() -> None:
    pacer = Pacer()
    pacer.start_at(5.0)
    pacer.wait(1.0)
    thread = threading.Thread(target=pacer.wait, args=(1.0,))
    thread.start()
    before = time.monotonic()
    pacer.wait(0.05)
    assert time.monotonic() - before < 0.9
    thread.join()


def test_refusals_of_the_same_moment_are_one(day: Day) -> None:
    pacer = Pacer()
    for _ in range(4):
        pacer.slow_down()
    once = pacer.seconds
    day.now += once + 0.01
    pacer.slow_down()
    assert pacer.seconds == pytest.approx(once * 1.5)


def test_the_slowest_pace_is_bounded(day: Day) -> None:
    pacer = Pacer()
    for _ in range(100):
        day.now += 60
        pacer.slow_down()
    assert pacer.seconds == SLOWEST_SECONDS


def test_what_was_learnt_is_told_once(day: Day) -> None:
    pacer = Pacer()
    assert pacer.to_tell() is None
    pacer.slow_down()
    assert pacer.to_tell() == pacer.seconds
    assert pacer.to_tell() is None


def test_what_another_process_learnt_is_taken_up(day: Day) -> None:
    pacer = Pacer()
    pacer.start_at(0.2)
    assert (pacer.seconds, pacer.to_tell()) == (0.2, None)
    pacer.start_at(0.1)
    assert pacer.seconds == 0.1
    pacer.start_at(0.0)
    assert pacer.seconds == 0.0


def test_our_own_word_teaches_nothing_new(day: Day) -> None:
    pacer = Pacer()
    pacer.slow_down()
    told = pacer.to_tell() or 0.0
    day.now += REMEMBERED_SECONDS
    for _ in range(10):
        pacer.wait(20)
    quicker = pacer.seconds
    pacer.start_at(told)
    assert pacer.seconds == quicker < told
