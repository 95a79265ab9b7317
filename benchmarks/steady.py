"""Everything at work: events at a steady rate, accepted and soon written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.delivery import BATCH, LATENCY_MS, Delivery
from benchmarks.district import identify
from benchmarks.figures import Aim, Figure, percentile
from benchmarks.kiosk import WEB, refused, send
from benchmarks.requests_of import single_requests
from benchmarks.stage import Stage
from benchmarks.watch import Watch, written_at

#: What a lone event calls before its write has landed, the day's facts being known:
#: the student's row is read and written; a student not yet identified is read too.
KNOWN_CALLS, UNKNOWN_CALLS = 2, 3


def kiosk_open_loop(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Measure answers at 50 events a second while worker and scheduler deliver."""
    count, rate = (150, 50) if is_quick else (1000, 50)
    p99, p50, longest, not_taken = [], [], [], []
    with Stage(**WEB) as stage:
        steady = Steady(stage, rounds, count)
        stage.start_scheduler()
        for _ in range(rounds):
            answer, _ = steady.report(steady.delivery.take(count), rate)
            p99.append(percentile(answer["latencies"], 0.99) * 1000)
            p50.append(percentile(answer["latencies"], 0.5) * 1000)
            longest.append(max(answer["latencies"]) * 1000)
            not_taken.append(refused(answer))
    return [
        Figure("p99 from the scheduled moment", p99, Aim.AT_MOST, 150, "ms"),
        Figure("p50", p50, unit="ms"),
        Figure("longest", longest, unit="ms"),
        Figure("refused", not_taken, Aim.AT_MOST, 0),
    ]


def quiet_lane(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Measure from accepted to written at 10 events a second."""
    count, rate = (40, 10) if is_quick else (200, 10)
    known: list[Sequence[float]] = []
    unknown: list[Sequence[float]] = []
    with Stage(**WEB) as stage:
        steady = Steady(stage, 2 * rounds, count)
        for _ in range(rounds):
            students = steady.delivery.take(count)
            identify(students)
            known.append(steady.delays(students, rate))
            unknown.append(steady.delays(steady.delivery.take(count), rate))
    return [*_lines(known, KNOWN_CALLS), *_lines(unknown, UNKNOWN_CALLS)]


def _lines(delays: Sequence[Sequence[float]], calls: int) -> list[Figure]:
    own = calls * LATENCY_MS
    p95 = [percentile(one, 0.95) * 1000 for one in delays]
    p50 = [percentile(one, 0.5) * 1000 for one in delays]
    name = f"accepted to written, {calls} calls of {LATENCY_MS} ms: p95"
    return [
        Figure(name, p95, Aim.AT_MOST, own + 200, "ms"),
        Figure("- p50", p50, unit="ms"),
    ]


class Steady:
    """The whole product on one stage, warm."""

    def __init__(self, stage: Stage, schools: int, students: int) -> None:
        self.stage = stage
        self.delivery = Delivery(stage, schools + 1, students, BATCH)
        stage.start_web()
        self.report(self.delivery.take(40), 20)

    def report(
        self, students: Sequence[dict[str, Any]], rate: float
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Send one event of each student; return the answers and journal lines."""
        requests = single_requests(students)
        watch = Watch(self.delivery.simulator)
        answer = send(self.stage, requests, rate=rate)
        return answer, watch.wait_for(len(students))

    def delays(self, students: Sequence[dict[str, Any]], rate: float) -> list[float]:
        """Return the seconds from each event's 202 to its line in the journal."""
        answer, lines = self.report(students, rate)
        assert not refused(answer), answer["statuses"]
        written = {line["studentid"]: written_at(line) for line in lines}
        return [
            written[student["id"]] - accepted
            for student, accepted in zip(students, answer["answered_at"], strict=True)
        ]
