"""The pace settles just above what PowerSchool allows: its decisions alone."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vmps.services.pace import (
    FIRST_SECONDS,
    QUICKEST_SECONDS,
    REMEMBERED_SECONDS,
    SLACK_SECONDS,
    SLOWEST_SECONDS,
    Pace,
)

SECONDS = st.floats(0, SLOWEST_SECONDS)
#: What a refusal costs: the lane waits, and is rung again.
WAIT_SECONDS = 1.5


@dataclass
class Morning:
    """A lane that calls as fast as its pace lets it; a server that wants a gap."""

    least: float
    pace: Pace = Pace()
    now: float = 1000.0
    jitter: float = 0.0
    #: The share of calls that something holds up, for up to as long as the interval.
    stuck: float = 0.0

    def __post_init__(self) -> None:
        self.taken = self.refused = 0
        self._last = 0.0
        self._chance = random.Random(7)

    def call(self, times: int) -> None:
        """Make so many calls, one after the other."""
        for _ in range(times):
            self.now += max(self.pace.seconds, 0.0005)
            self.pace = self.pace.after_call(self.now)
            arrives = self.now + self._chance.uniform(0, self.jitter)
            if self._chance.random() < self.stuck:
                arrives += self._chance.uniform(0, self.least)
            if arrives - self._last < self.least:
                self.refused += 1
                self.pace = self.pace.after_refusal(self.now)
                self.now += WAIT_SECONDS
            else:
                self.taken += 1
                self._last = arrives

    def measure(self, times: int) -> tuple[float, float]:
        """Return the share of refused calls and of the rate that was possible."""
        self.taken = self.refused = 0
        began = self.now
        self.call(times)
        possible = (self.now - began) / self.least
        return self.refused / times, self.taken / possible


@given(least=st.floats(0.004, 5.0))
def test_a_lane_learns_any_interval_and_stays_just_over_it(least: float) -> None:
    morning = Morning(least)
    morning.call(300)
    refused, rate = morning.measure(1000)
    assert refused <= 0.02
    assert rate >= 0.9


@given(least=st.floats(0.02, 1.0))
def test_a_lane_learns_in_few_refusals(least: float) -> None:
    morning = Morning(least)
    morning.call(300)
    assert morning.refused <= 16


@pytest.mark.parametrize("least", [0.05, 0.2, 1.0])
def test_calls_that_arrive_unevenly_are_still_taken(least: float) -> None:
    morning = Morning(least, jitter=0.004)
    morning.call(300)
    refused, rate = morning.measure(12_000)
    assert refused <= 0.02
    assert rate >= 0.85


def test_calls_that_get_stuck_now_and_then_slow_the_others_by_a_bound() -> None:
    morning = Morning(0.05, jitter=0.002, stuck=0.01)
    morning.call(300)
    refused, _ = morning.measure(3000)
    assert refused <= 0.02
    assert morning.pace.seconds <= 0.05 * 2.1  # two calls cannot be nearer


def test_a_bad_minute_is_forgotten_soon() -> None:
    morning = Morning(0.05)
    morning.call(300)
    morning.stuck = 0.02
    morning.call(600)
    assert morning.pace.seconds > 0.055
    morning.stuck = 0.0
    morning.now += SLACK_SECONDS
    morning.call(100)
    refused, rate = morning.measure(2000)
    assert (refused <= 0.005, rate >= 0.9) == (True, True)


def test_an_interval_that_was_lifted_is_forgotten() -> None:
    morning = Morning(0.05)
    morning.call(300)
    morning.least, morning.now = 0.0001, morning.now + REMEMBERED_SECONDS
    morning.call(400)
    assert morning.pace == Pace()


def test_an_interval_that_grew_is_learnt_anew() -> None:
    morning = Morning(0.05)
    morning.call(300)
    morning.least = 0.2
    morning.call(300)
    refused, rate = morning.measure(1000)
    assert (refused <= 0.02, rate >= 0.9) == (True, True)


def test_a_probe_that_is_refused_comes_back_at_once() -> None:
    morning = Morning(0.05)
    morning.call(300)
    kept = morning.pace.seconds
    morning.now += REMEMBERED_SECONDS
    refused, rate = morning.measure(200)
    assert refused * 200 <= 2
    assert morning.pace.seconds <= kept * 1.03


def test_another_process_starts_right() -> None:
    morning = Morning(0.05, pace=Pace.learnt(0.0525, 1000.0))
    assert morning.measure(2000)[0] == 0


def test_without_refusals_there_is_no_pace() -> None:
    assert Pace().after_call(5.0) == Pace()


@given(seconds=SECONDS, floor=SECONDS, calls=st.integers(0, 200), now=SECONDS)
def test_a_refusal_never_quickens_and_a_call_never_slows(
    seconds: float, floor: float, calls: int, now: float
) -> None:
    pace = Pace(seconds, min(floor, seconds), 5.0, calls=calls)
    slower = pace.after_refusal(now)
    assert seconds <= slower.seconds <= SLOWEST_SECONDS
    assert QUICKEST_SECONDS <= max(slower.floor, slower.slack) <= slower.seconds
    assert slower.after_call(now).seconds <= slower.seconds
    assert pace.after_call(now).seconds <= seconds


@pytest.mark.parametrize("at_once", [4, 16])
def test_calls_that_were_under_way_do_not_make_a_refusal_a_slip(at_once: int) -> None:
    pace, near = Pace(0.02, calls=at_once + 1), 2 * at_once + 2
    assert pace.after_refusal(0.0, near).seconds == pytest.approx(0.03)
    assert replace(pace, calls=near).after_refusal(0.0, near).seconds < 0.021


@given(seconds=st.floats(FIRST_SECONDS, SLOWEST_SECONDS))
def test_a_refused_pace_is_not_tried_again_for_ten_minutes(seconds: float) -> None:
    pace = Pace(seconds).after_refusal(0.0)
    for _ in range(500):
        pace = pace.after_call(REMEMBERED_SECONDS - 1)
    assert pace.seconds >= min(seconds, SLOWEST_SECONDS)
