"""A drain at work: claimed units go through reading, writing and reading back.

One thread owns the database and decides; the slots' threads only call PowerSchool.
Reading and reading back run beside the writes, so that the slots stay full.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from vmps.clock import Clock
from vmps.config import Settings
from vmps.models import Cause, Outcome
from vmps.powerschool import Deadline, NotFound, PowerSchoolError
from vmps.services.lease import Lease
from vmps.services.link import Link
from vmps.services.prepare import FEW, Preparation, Prepared, plan_prepared, prepare
from vmps.services.reaction import (
    BREAKER_FAILURES,
    LaneEffect,
    Reaction,
    react,
)
from vmps.services.record import Result, begin_attempts
from vmps.services.recorder import Recorder
from vmps.services.slots import Slots
from vmps.services.triage import triage
from vmps.services.workload import Unit
from vmps.services.write import (
    BATCH,
    Order,
    Written,
    make_order,
    read_back,
    write_batch,
    write_one,
)

log = logging.getLogger(__name__)

VERIFY_AT = 100  # one page of rows
VERIFY_AFTER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Halt:
    """Why the lane starts nothing more in this drain."""

    reaction: Reaction
    mode: str


class Pipeline:
    """The units of one drain, wherever they are on their way."""

    def __init__(  # noqa: PLR0913 a drain's surroundings
        self,
        link: Link,
        lease: Lease,
        slots: Slots,
        *,
        settings: Settings,
        clock: Clock,
        failures: int,
    ) -> None:
        self.halt: Halt | None = None
        self.has_heard = False
        #: Failed calls since the last good one, over drains.
        self.failures = failures
        self.written_modes: set[str] = set()
        self.busy_students: set[int] = set()
        self._link, self._lease, self._slots = link, lease, slots
        self._settings, self._clock = settings, clock
        self._recorder = Recorder(lease, clock)
        self._ready: deque[Order] = deque()
        self._armed: deque[list[Order]] = deque()
        self._written: dict[tuple[int, date], list[Written]] = defaultdict(list)
        self._written_at: dict[tuple[int, date], float] = {}

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is under way."""
        return not (self.busy_students or len(self._recorder))

    @property
    def backlog(self) -> int:
        """Return how many units wait for a slot."""
        return len(self._ready) + sum(map(len, self._armed))

    def take(self, units: Iterable[Unit]) -> None:
        """Start on these units: settle what needs no call, read for the others."""
        groups: dict[tuple[int, date], list[Unit]] = defaultdict(list)
        for unit in units:
            self.busy_students.add(unit.student.id)
            verdicts = triage(unit)
            if verdicts is None:
                groups[unit.school_day].append(unit)
            else:
                self._recorder.add(Result(unit, verdicts))
        for group in groups.values():
            self._submit_prepare(group)

    def step(self, *, wait_seconds: float, is_closing: bool) -> None:
        """Take in what has finished, start what can be started, record."""
        self._slots.collect(wait_seconds)
        if is_closing or self.halt:
            self._let_go()
        else:
            self._arm()
            self._submit_writes()
        self._submit_read_backs()
        recorded = self._recorder.flush(is_forced=self._slots.running == 0)
        self.busy_students -= {result.unit.student.id for result in recorded}

    def _let_go(self) -> None:
        """Drop what was not started; the drain releases its claims."""
        for orders in self._armed:
            self._unsend(orders)
        self._armed.clear()
        self._drop(list(self._ready))

    def _submit_prepare(self, group: list[Unit]) -> None:
        how = Preparation(
            link=self._link,
            now=self._clock(),
            trust=timedelta(hours=self._settings.identity_hours),
            deadline=Deadline.after(self._settings.attempt_seconds),
        )

        def done(prepared: list[Prepared] | None, error: BaseException | None) -> None:
            if prepared is None:
                self._fail(group, _reaction_to(error, is_write=False))
                return
            self._note_answer()
            for item in prepared:
                self._plan(item, how.deadline)

        self._slots.submit(done, prepare, group, how)

    def _plan(self, item: Prepared, deadline: Deadline) -> None:
        plan = plan_prepared(item)
        if plan.write is None:
            verdicts = dict(plan.verdicts)
            self._recorder.add(Result(item.unit, verdicts, resolution=item.resolution))
        else:
            self._ready.append(make_order(item, plan, deadline))

    def _arm(self) -> None:
        """Write attempts as started: some calls ahead, many in one transaction."""
        if self._ready and self._is_too_late(self._ready[0]):
            self._drop([order for order in self._ready if self._is_too_late(order)])
        if len(self._armed) >= self._slots.count or not self._ready:
            return
        is_batch = self._link.batch_is_known and len(self._ready) > FEW
        size, ahead = (BATCH, 1) if is_batch else (1, 4)
        chunks = [self._chunk(size) for _ in range(self._slots.count * ahead)]
        self._begin(chunk for chunk in chunks if chunk)

    def _begin(self, chunks: Iterable[list[Order]]) -> None:
        begun = list(chunks)
        begin_attempts(
            self._lease.district_id,
            [(order.unit, order.sent) for orders in begun for order in orders],
            fence=self._lease.fence,
            now=self._clock(),
        )
        self._armed.extend(begun)

    def _chunk(self, size: int) -> list[Order]:
        return [self._ready.popleft() for _ in range(min(size, len(self._ready)))]

    @property
    def _write_seconds(self) -> float:
        return min(self._settings.call_seconds, self._settings.lease_seconds / 2)

    def _is_too_late(self, order: Order) -> bool:
        """No write starts that could outlive its budget or the lease."""
        left = min(order.deadline.remaining(), self._lease.remaining())
        return left < self._write_seconds

    def _submit_writes(self) -> None:
        while self._armed and self._slots.is_free:
            orders = self._armed.popleft()
            if self._is_too_late(orders[0]):
                self._unsend(orders)
                continue
            deadline = Deadline.after(self._write_seconds)
            done = self._after_write(orders)
            if len(orders) == 1:
                self._slots.submit(done, write_one, self._link, orders[0], deadline)
            else:
                self._slots.submit(done, write_batch, self._link, orders, deadline)

    def _after_write(
        self, orders: list[Order]
    ) -> Callable[[list[Written] | None, BaseException | None], None]:
        def done(written: list[Written] | None, error: BaseException | None) -> None:
            if written is None and len(orders) > 1 and self._is_refusal(error):
                self._armed.extendleft([order] for order in orders)
            elif written is None:
                reaction = _reaction_to(error, is_write=True)
                self._fail([order.unit for order in orders], reaction, orders)
            else:
                self._note_answer()
                took = {item.order.unit for item in written}
                self._armed.extend([o] for o in orders if o.unit not in took)
                self._await_read_back(written)

        return done

    def _is_refusal(self, error: BaseException | None) -> bool:
        """A refused batch goes record by record: no neighbour fails with another."""
        if isinstance(error, NotFound):
            self._link.note_batch(is_supported=False)
            return True
        if not isinstance(error, PowerSchoolError):
            return False
        return react(error, is_write=True).is_final

    def _await_read_back(self, written: Sequence[Written]) -> None:
        for item in written:
            key = item.order.unit.school_day
            self._written[key].append(item)
            self._written_at.setdefault(key, time.monotonic())

    def _submit_read_backs(self) -> None:
        is_quiet = self._slots.running == 0
        for key, written in list(self._written.items()):
            waited = time.monotonic() - self._written_at[key]
            if is_quiet or len(written) >= VERIFY_AT or waited > VERIFY_AFTER_SECONDS:
                del self._written_at[key]
                del self._written[key]
                self._submit_read_back(written)

    def _submit_read_back(self, written: list[Written]) -> None:
        def done(matches: set[Unit] | None, error: BaseException | None) -> None:
            if matches is None:
                orders = [replace(item.order, sent=item.sent) for item in written]
                reaction = _reaction_to(error, is_write=True)
                unsure = replace(reaction, outcome=Outcome.AMBIGUOUS, is_final=False)
                self._fail([order.unit for order in orders], unsure, orders)
                return
            for item in written:
                self._finish_written(item, is_match=item.order.unit in matches)

        deadline = Deadline.after(self._settings.call_seconds)
        self._slots.submit(done, read_back, self._link, written, deadline)

    def _finish_written(self, item: Written, *, is_match: bool) -> None:
        order = item.order
        if is_match:
            self.written_modes.add(str(order.unit.school.mode))
            reaction = None
        else:
            reaction = Reaction(Outcome.AMBIGUOUS, Cause.READ_BACK_DIFFERS)
        self._recorder.add(
            Result(
                order.unit,
                dict(order.verdicts),
                reaction=reaction,
                sent=item.sent,
                resolution=order.resolution,
                was_begun=True,
            )
        )

    def _fail(
        self, units: Sequence[Unit], reaction: Reaction, orders: Sequence[Order] = ()
    ) -> None:
        self._note_trouble(reaction, str(units[0].school.mode))
        sent = {order.unit: order.sent for order in orders}
        for unit in units:
            record = sent.get(unit)
            self._recorder.add(
                Result(unit, {}, reaction, sent=record, was_begun=record is not None)
            )

    def _note_answer(self) -> None:
        self.has_heard = True
        self.failures = 0

    def _note_trouble(self, reaction: Reaction, mode: str) -> None:
        """One failed call is that event's; five in a row are the lane's."""
        if reaction.lane is LaneEffect.NONE or self.halt:
            return
        if reaction.lane is LaneEffect.FAILURE:
            self.failures += 1
            if self.failures < BREAKER_FAILURES:
                return
        self.halt = Halt(reaction, mode)

    def _unsend(self, orders: Sequence[Order]) -> None:
        """These were not sent and use up no try."""
        late = Reaction(Outcome.SUPERSEDED, Cause.INTERRUPTED, uses_try=False)
        self._fail([order.unit for order in orders], late, orders)

    def _drop(self, orders: Sequence[Order]) -> None:
        dropped = set(map(id, orders))
        self._ready = deque(o for o in self._ready if id(o) not in dropped)
        self.busy_students -= {order.unit.student.id for order in orders}


def _reaction_to(error: BaseException | None, *, is_write: bool) -> Reaction:
    if isinstance(error, PowerSchoolError):
        return react(error, is_write=is_write)
    log.error("drain.failed", exc_info=error)
    outcome = Outcome.AMBIGUOUS if is_write else Outcome.NOT_SENT
    return Reaction(outcome, Cause.INTERNAL_ERROR)
