"""Delivery in Meeting mode: what an event costs in calls, all included, and in time."""

from __future__ import annotations

from benchmarks.delivery import BATCH, LATENCY_MS, Delivered, Delivery
from benchmarks.figures import Aim, Figure
from benchmarks.stage import Stage

QUERY = "meeting_interval_attendance_template"
CONCURRENCY = 4


def delivery_meeting(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Deliver with the template query and without it."""
    count = 200 if is_quick else 400
    with Stage(LANE_CONCURRENCY=CONCURRENCY) as stage:
        delivery = Delivery(stage, rounds, count, BATCH, "meeting")
        template = _deliver(delivery, rounds, count)
    with Stage(LANE_CONCURRENCY=CONCURRENCY) as stage:
        delivery = Delivery(stage, rounds, count, BATCH, "meeting")
        delivery.simulator.settings(missing_queries=[QUERY])
        tables = _deliver(delivery, rounds, count)
    slowest = count * 2 * LATENCY_MS / 1000 / CONCURRENCY
    return [
        Figure("calls an event", _calls(template, count), Aim.AT_MOST, 2.2),
        Figure("- without the template query", _calls(tables, count), Aim.AT_MOST, 2.2),
        Figure(f"{count} events", [d.seconds for d in template], unit="s"),
        Figure("- without the template query", [d.seconds for d in tables], unit="s"),
        Figure("two calls an event, nothing else", [slowest], unit="s"),
        Figure("worker CPU an event", [d.cpu_ms for d in template], unit="ms"),
    ]


def _deliver(delivery: Delivery, rounds: int, count: int) -> list[Delivered]:
    return [delivery.deliver(delivery.take(count)) for _ in range(rounds)]


def _calls(delivered: list[Delivered], count: int) -> list[float]:
    return [sum(one.calls.values()) / count for one in delivered]
