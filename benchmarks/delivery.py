"""Delivery in single calls: our worker, a bare posting loop, stock RQ."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from benchmarks import bare_loop, stock_rq
from benchmarks.district import Benchdistrict, identify, make_district, seed_of
from benchmarks.figures import Aim, Figure
from benchmarks.programs import run_program
from benchmarks.stage import Stage, cpu_seconds, megabytes, wait_until
from benchmarks.watch import Watch, written_at
from vmps.jobs.doorbell import Doorbell
from vmps.simulator.control import Simulator

LATENCY_MS = 50
CONCURRENCY = 16
WARMERS = 32
SCHOOLS = 10  # of a storm in batches
SINGLE, BATCH = "25.2.0.0", "25.3.0.0"


@dataclass(frozen=True, slots=True)
class Delivered:
    """One timed delivery of our worker; `seconds` to the last write."""

    seconds: float
    whole_seconds: float
    cpu_ms: float
    calls: dict[str, int]
    lines: list[dict[str, Any]]


class Delivery:
    """A stage with a simulator, a district and one warm worker."""

    def __init__(  # noqa: PLR0917 what is delivered
        self,
        stage: Stage,
        schools: int,
        students: int,
        version: str,
        mode: str = "daily",
        *,
        latency_ms: float = LATENCY_MS,
    ) -> None:
        self.stage = stage
        self.simulator: Simulator = stage.start_simulator(latency_ms)
        self.seed = seed_of(schools, students + WARMERS, version, mode)
        self.simulator.seed(self.seed)
        self.district: Benchdistrict = make_district(self.seed, self.simulator.url)
        self.worker: psutil.Process = stage.start_worker()
        self._bell = Doorbell(stage.redis_url)
        self._fresh = self.district.schools()
        self.deliver([s for school in self._fresh for s in school[:WARMERS]])

    def take(self, count: int, schools: int = 1) -> list[dict[str, Any]]:
        """Return students of schools of which only a few have had an event.

        New schools, because the simulator looks through all rows of a school and day.
        """
        taken = [
            student
            for school in self._fresh[:schools]
            for student in school[WARMERS : WARMERS + count // schools]
        ]
        del self._fresh[:schools]
        assert len(taken) == count
        return taken

    def deliver(self, students: Sequence[dict[str, Any]]) -> Delivered:
        """Accept an event of each student, then ring; time to the last write."""
        self.district.accept(students)
        before = self.district.successful()
        watch = Watch(self.simulator)
        self.simulator.reset_calls()
        used, began_at = cpu_seconds([self.worker]), time.time()
        # No scheduler here: a ring that a busy machine missed is made again.
        wait_until(
            lambda: self._bell.ring(self.district.id, is_urgent=True), "the bell"
        )
        lines = watch.wait_for(len(students))
        wait_until(
            lambda: self.district.successful() - before == len(students),
            "every write to be recorded",
        )
        return Delivered(
            seconds=max(map(written_at, lines)) - began_at,
            whole_seconds=time.time() - began_at,
            cpu_ms=(cpu_seconds([self.worker]) - used) / len(students) * 1000,
            calls=self.simulator.calls(),
            lines=lines,
        )


def delivery_single(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Measure one worker at 16 calls a time beside a loop that only posts."""
    count = 150 if is_quick else 1500
    warm: list[Delivered] = []
    cold: list[Delivered] = []
    bare: list[float] = []
    with Stage(LANE_CONCURRENCY=CONCURRENCY) as stage:
        delivery = Delivery(stage, rounds * 2, count, SINGLE)
        for _ in range(rounds):
            students = delivery.take(count)
            identify(students)
            warm.append(delivery.deliver(students))
            bare.append(_post_again(delivery, warm[-1].lines))
            cold.append(delivery.deliver(delivery.take(count)))
        memory = megabytes([delivery.worker])
        stage.stop(delivery.worker)
        stock = stock_rq.measure(
            stage, delivery.simulator, delivery.seed, 64 if is_quick else 400
        )
    ratios = [b / d.seconds for b, d in zip(bare, warm, strict=True)]
    cold_ratios = [b / d.seconds for b, d in zip(bare, cold, strict=True)]
    return [
        Figure("share of a bare posting loop", ratios, Aim.AT_LEAST, 0.95),
        Figure("- students not yet identified", cold_ratios),
        Figure("ours", [count / d.seconds for d in warm], unit="events/s"),
        Figure("bare loop", [count / b for b in bare], unit="events/s"),
        Figure("worker CPU an event", _cpu(warm), Aim.AT_MOST, 2.0, "ms"),
        Figure("- students not yet identified", _cpu(cold), unit="ms"),
        Figure("worker memory", [memory], Aim.AT_MOST, 100, "MB"),
        Figure(f"stock RQ x {CONCURRENCY} ({stock.events} events)",
               [stock.per_second], unit="events/s"),
        Figure("stock RQ CPU an event", [stock.cpu_ms], unit="ms"),
        Figure("stock RQ memory", [stock.megabytes], unit="MB"),
    ]  # fmt: skip


def _cpu(delivered: Sequence[Delivered]) -> list[float]:
    return [one.cpu_ms for one in delivered]


def _post_again(delivery: Delivery, lines: list[dict[str, Any]]) -> float:
    """Post the records just written once more; return the seconds to the last."""
    watch = Watch(delivery.simulator)
    plan = bare_loop.make_plan(
        delivery.simulator.url, delivery.seed, lines, CONCURRENCY
    )
    began = run_program(delivery.stage, "bare_loop", plan)
    written = watch.wait_for(len(lines))
    return max(map(written_at, written)) - float(began["began_at"])


def delivery_batch(*, rounds: int, is_quick: bool, is_full: bool) -> list[Figure]:
    """Compare batches of up to 200 with the same events in single calls."""
    count = 500 if is_quick else 5000
    singles = count if is_full else count // 5
    batches: list[Delivered] = []
    with Stage() as stage:
        delivery = Delivery(stage, SCHOOLS, singles // SCHOOLS, SINGLE)
        single = delivery.deliver(_known(delivery, singles))
        stage.stop(delivery.worker)
    with Stage() as stage:
        delivery = Delivery(stage, rounds * SCHOOLS, count // SCHOOLS, BATCH)
        for _ in range(rounds):
            batches.append(delivery.deliver(_known(delivery, count)))
    scale = count / singles
    name = "single form" if is_full else f"single form, from {singles} events scaled"
    calls = [sum(b.calls.values()) for b in batches]
    single_calls = sum(single.calls.values()) * scale
    fewer = [single_calls / made for made in calls]
    faster = [single.seconds * scale / b.seconds for b in batches]
    return [
        Figure("times fewer calls", fewer, Aim.AT_LEAST, 10),
        Figure("times faster", faster, Aim.AT_LEAST, 10),
        Figure(f"batches, {count} events", [b.seconds for b in batches], unit="s"),
        Figure("batches, calls", calls),
        Figure(name, [single.seconds * scale], unit="s"),
        Figure("single form, calls", [single_calls]),
    ]


def _known(delivery: Delivery, count: int) -> Sequence[dict[str, Any]]:
    students = delivery.take(count, SCHOOLS)
    identify(students)
    return students
