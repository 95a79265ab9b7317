"""Pacing: a plugin's least interval learnt from refusals, then kept just over it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.delivery import SINGLE, Delivery
from benchmarks.district import identify
from benchmarks.figures import Aim, Figure
from benchmarks.stage import Stage
from vmps.models import Lane

INTERVALS_MS = (50, 200)
LATENCY_MS = 5


@dataclass(frozen=True, slots=True)
class Paced:
    """One delivery under a least interval."""

    refused: float
    rate: float
    pace_ms: float


def pacing(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Deliver in single calls to a PowerSchool that wants its calls apart."""
    lines = []
    for interval in INTERVALS_MS:
        events = (60 if is_quick else 600) * 50 // interval
        learning, kept = _measure(interval, rounds, events)
        name = f"{interval} ms apart"
        lines += [
            Figure(f"{name}: share of the possible rate", [k.rate for k in kept],
                   Aim.AT_LEAST, 0.9),
            Figure("- calls refused", [k.refused * 100 for k in kept],
                   Aim.AT_MOST, 2, "%"),
            Figure("- pace learnt", [k.pace_ms for k in kept], unit="ms"),
            Figure("- calls refused while learning", [learning.refused * 100],
                   unit="%"),
            Figure("- rate while learning", [learning.rate]),
        ]  # fmt: skip
    return lines


def _measure(interval: int, rounds: int, events: int) -> tuple[Paced, list[Paced]]:
    """Return the figures of the first delivery, which learns, and of those after."""
    with Stage(LANE_CONCURRENCY=4) as stage:
        delivery = Delivery(stage, rounds + 1, events, SINGLE, latency_ms=LATENCY_MS)
        stage.start_scheduler()
        delivery.simulator.settings(min_interval_ms=interval, throttle_status=429)
        paced = [_deliver(delivery, interval, events) for _ in range(rounds + 1)]
    return paced[0], paced[1:]


def _deliver(delivery: Delivery, interval: int, events: int) -> Paced:
    students = delivery.take(events)
    identify(students)
    delivered = delivery.deliver(students)
    calls = dict(delivered.calls)
    refused = calls.pop("throttled", 0)
    taken = sum(calls.values()) - refused
    possible = delivered.whole_seconds * 1000 / interval
    pace = Lane.get_by_id(delivery.district.id).pace_seconds
    return Paced(refused / (taken + refused), taken / possible, pace * 1000)
