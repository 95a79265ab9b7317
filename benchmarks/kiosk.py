"""Kiosk requests: one event each, 500 at once, and at a steady rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psutil

from benchmarks.district import Benchdistrict, make_district, seed_of
from benchmarks.figures import Aim, Figure, percentile
from benchmarks.programs import run_program
from benchmarks.requests_of import HELLO, flush_requests, single_requests
from benchmarks.stage import Stage, cpu_seconds, wait_until

CONNECTIONS = 16
WEB = {"WEB_WORKERS": 2, "WEB_THREADS": 4}
FLUSH = 500
NOBODY = "http://127.0.0.1:9"


def send(
    stage: Stage,
    requests: Sequence[str],
    *,
    connections: int = CONNECTIONS,
    rate: float = 0,
) -> dict[str, Any]:
    """Send these requests from a process of its own; all must be answered well."""
    plan = {
        "address": ["127.0.0.1", stage.web_port],
        "connections": connections,
        "rate": rate,
        "requests": list(requests),
    }
    answer: dict[str, Any] = run_program(stage, "load", plan)
    return answer


def refused(answer: dict[str, Any]) -> int:
    """Return how many requests were not answered with a 2xx."""
    return sum(n for s, n in answer["statuses"].items() if not s.startswith("2"))


class Kiosks:
    """A stage with a district and web server that take events; nobody delivers."""

    def __init__(self, stage: Stage, students: int) -> None:
        self.stage = stage
        seed = seed_of(1, students, "25.3.0.0")
        self.district: Benchdistrict = make_district(seed, NOBODY)
        self._next = 0

    def take(self, count: int) -> Sequence[dict[str, Any]]:
        """Return students that have had no event."""
        taken = self.district.students[self._next : self._next + count]
        self._next += count
        assert len(taken) == count
        return taken

    def singles(self, count: int) -> dict[str, Any]:
        """Send `count` events, one a request."""
        requests = single_requests(self.take(count))
        answer = send(self.stage, requests)
        assert not refused(answer), answer["statuses"]
        return answer

    def flushes(self, count: int) -> dict[str, Any]:
        """Send `count` requests of 500 events, one kiosk after the other."""
        students = self.take(count * FLUSH)
        requests = flush_requests(students, FLUSH)
        answer = send(self.stage, requests, connections=1)
        assert not refused(answer), answer["statuses"]
        return answer


def kiosk_single(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Measure single events at 16 connections beside a bare hello."""
    count, hellos = (500, 3000) if is_quick else (5000, 20000)
    warm = 300
    ours, hello, cpu, p99, p50 = [], [], [], [], []
    with Stage(**WEB) as stage:
        kiosks = Kiosks(stage, rounds * (count + warm))
        for _ in range(rounds):
            web = stage.start_web("benchmarks.hello:app")
            send(stage, [HELLO] * warm)
            hello.append(hellos / send(stage, [HELLO] * hellos)["seconds"])
            stage.stop(web)
            web = stage.start_web()
            kiosks.singles(warm)
            used = cpu_seconds(_family(web))
            answer = kiosks.singles(count)
            cpu.append((cpu_seconds(_family(web)) - used) / count * 1000)
            ours.append(count / answer["seconds"])
            p99.append(percentile(answer["latencies"], 0.99) * 1000)
            p50.append(percentile(answer["latencies"], 0.5) * 1000)
            stage.stop(web)
        wait_until(
            lambda: kiosks.district.pending() == rounds * (count + warm), "the events"
        )
    shares = [mine / theirs for mine, theirs in zip(ours, hello, strict=True)]
    return [
        Figure("share of a bare hello", shares, Aim.AT_LEAST, 0.18),
        Figure("p99", p99, Aim.AT_MOST, 100, "ms"),
        Figure("p50", p50, unit="ms"),
        Figure("ours", ours, unit="requests/s"),
        Figure("bare hello", hello, unit="requests/s"),
        Figure("web CPU a request", cpu, unit="ms"),
    ]


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def kiosk_flush(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Measure requests of 500 events beside requests of one, on one server."""
    count, flushes = (500, 2) if is_quick else (2500, 12)
    warm = 300
    single, flush, p99 = [], [], []
    with Stage(**WEB) as stage:
        kiosks = Kiosks(stage, warm + rounds * (count + (flushes + 1) * FLUSH))
        stage.start_web()
        kiosks.singles(warm)
        for _ in range(rounds):
            single.append(count / kiosks.singles(count)["seconds"])
            kiosks.flushes(1)
            answer = kiosks.flushes(flushes)
            flush.append(flushes * FLUSH / answer["seconds"])
            p99.append(percentile(answer["latencies"], 0.99) * 1000)
    ratios = [many / one for many, one in zip(flush, single, strict=True)]
    return [
        Figure("times the events of single requests", ratios, Aim.AT_LEAST, 5),
        Figure("500 a request", flush, unit="events/s"),
        Figure("one a request", single, unit="events/s"),
        Figure("longest answer to 500", p99, unit="ms"),
    ]
