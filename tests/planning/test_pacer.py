"""The pace settles just above what PowerSchool allows, in a small simulation."""

from __future__ import annotations

import time

import pytest

from vmps.services import pacer as pacers
from vmps.services.pacer import SLOWEST_SECONDS, Pacer


class Day:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(0.0, seconds)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """The pacer's clock, in the test's hands."""
    found = Day()
    monkeypatch.setattr(pacers, "time", found)
    return found


def call_for(day: Day, pacer: Pacer, least: float, calls: int) -> tuple[int, float]:
    """Make calls against a least interval; return refusals and the time it took."""
    refused, last, started = 0, -1e9, day.now
    for _ in range(calls):
        pacer.wait(20)
        if day.now - last + 1e-9 < least:
            refused += 1
            pacer.slow_down()
        else:
            last = day.now
        day.now += 0.001
    return refused, day.now - started


@pytest.mark.parametrize("least", [0.03, 0.1, 0.5, 2.0])
def test_the_pace_settles_above_the_least_interval(day: Day, least: float) -> None:
    pacer = Pacer()
    call_for(day, pacer, least, 60)
    refused, took = call_for(day, pacer, least, 200)
    assert refused <= 2
    assert took / 200 < 2 * least


def test_without_refusals_there_is_no_pace(day: Day) -> None:
    assert call_for(day, Pacer(), 0.0, 100)[1] == pytest.approx(0.1)


def test_a_refused_pace_is_tried_again_after_ten_minutes(day: Day) -> None:
    pacer = Pacer()
    call_for(day, pacer, 0.1, 60)
    day.now += 601
    call_for(day, pacer, 0.0, 400)
    assert pacer.seconds == 0.0


def test_the_slowest_pace_is_bounded(day: Day) -> None:
    pacer = Pacer()
    for _ in range(100):
        pacer.slow_down()
    assert pacer.seconds == SLOWEST_SECONDS


def test_nobody_waits_longer_than_the_deadline_leaves() -> None:
    pacer = Pacer()
    pacer.start_at(5.0)
    pacer.wait(1.0)
    before = time.monotonic()
    pacer.wait(0.05)
    assert time.monotonic() - before < 0.5
