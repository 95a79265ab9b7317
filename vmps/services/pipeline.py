"""A drain at work: claimed units go through reading, writing and reading back."""

# One thread owns the database and decides; the slots' threads only call PowerSchool.
# Reading and reading back run beside the writes, so that the slots stay full.

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from vmps.clock import Clock
from vmps.config import Settings
from vmps.models import Cause, Outcome
from vmps.powerschool import Deadline, NotFound, PowerSchoolError
from vmps.services.across import FEW
from vmps.services.lease import Lease
from vmps.services.ledger import Ledger, NotStarted, reaction_to
from vmps.services.link import Link
from vmps.services.modes.choose import Group, group_of, mode_of
from vmps.services.order import Order, Written, make_order
from vmps.services.reaction import Reaction, react
from vmps.services.reading import Reading
from vmps.services.reading_back import ReadingBack
from vmps.services.record import Result, begin_attempts
from vmps.services.slots import Slots
from vmps.services.subject import Surveyed
from vmps.services.survey import plan_surveyed
from vmps.services.triage import triage
from vmps.services.workload import Unit
from vmps.services.write import BATCH, write_batch, write_one

#: Attempts are written down for so many rounds of single writes ahead.
ROUNDS_AHEAD = 4


class Pipeline:
    """The units of one drain, wherever they are on their way."""

    def __init__(  # noqa: PLR0913 a drain's surroundings
        self,
        link: Link,
        lease: Lease,
        slots: Slots,
        ledger: Ledger,
        *,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._link, self._lease, self._slots = link, lease, slots
        self._ledger, self._settings, self._clock = ledger, settings, clock
        self._reading = Reading(
            link, slots, ledger, settings=settings, clock=clock, is_ready=self._plan
        )
        self._reading_back = ReadingBack(link, slots, ledger, settings)
        #: Planned orders, by whether many of them go in one call.
        self._ready: dict[bool, deque[Order]] = {True: deque(), False: deque()}
        self._has_singles = False
        self._armed: deque[list[Order]] = deque()

    @property
    def writes_batches(self) -> bool:
        """Tell whether many units are read and written in one call."""
        return self._link.supports_batch and not self._has_singles

    @property
    def backlog(self) -> int:
        """Return how many units are read for or wait to be written."""
        return self._waiting + self._reading.pending

    @property
    def _waiting(self) -> int:
        """Return how many orders wait to be written."""
        return sum(map(len, self._ready.values())) + sum(map(len, self._armed))

    def take(self, units: Iterable[Unit]) -> None:
        """Start on these units: settle what needs no call, read for the others."""
        groups: dict[Group, list[Unit]] = defaultdict(list)
        for unit in units:
            self._ledger.open(unit)
            verdicts = triage(unit)
            if verdicts is None:
                groups[group_of(unit)].append(unit)
                self._has_singles |= not mode_of(unit.school.mode).is_batched
            else:
                self._ledger.finish(Result(unit, verdicts))
        for group in groups.values():
            self._reading.start(group)

    def step(self, *, wait_seconds: float, is_closing: bool) -> None:
        """Take in what has finished, start what can be started, record."""
        self._ledger.is_closing = is_closing
        self._slots.collect(wait_seconds)
        if self._ledger.is_shut:
            self._let_go()
        else:
            self._arm()
            self._submit_writes()
            self._reading.start_waiting(
                ROUNDS_AHEAD * self._slots.count - self._waiting
            )
        self._reading_back.start_due()
        self._ledger.flush(is_forced=self._slots.running == 0)

    def _plan(self, item: Surveyed, deadline: Deadline) -> None:
        unit, resolution = item.subject.unit, item.subject.resolution
        try:
            plan = plan_surveyed(item, now=self._clock())
            order = make_order(item, plan, deadline) if plan.writes else None
        except Exception as error:  # one event's poison must not stop its neighbours
            self._ledger.fail([unit], reaction_to(error, is_write=False))
            return
        if order is None:
            verdicts = dict(plan.verdicts)
            self._ledger.finish(Result(unit, verdicts, resolution=resolution))
        elif deadline.remaining() < self._write_seconds:
            slow = Reaction(Outcome.NOT_SENT, Cause.TIMED_OUT)
            self._ledger.finish(Result(unit, {}, slow, resolution=resolution))
        else:
            self._ready[order.is_batched].append(order)

    def _arm(self) -> None:
        """Write attempts as started: some calls ahead, many in one transaction."""
        for ready in self._ready.values():
            if ready and self._is_too_late(ready[0]):
                self._drop([order for order in ready if self._is_too_late(order)])
        if len(self._armed) >= self._slots.count or not any(self._ready.values()):
            return
        chunks = [
            orders for ready in self._ready.values() for orders in self._cut(ready)
        ]
        begun = begin_attempts(
            self._lease.district_id,
            [(order.unit, order.sent) for orders in chunks for order in orders],
            fence=self._lease.fence,
            now=self._clock(),
        )
        for orders in chunks:
            self._ledger.drop(o.unit for o in orders if o.unit not in begun)
            if kept := [order for order in orders if order.unit in begun]:
                self._armed.append(kept)

    def _cut(self, ready: deque[Order]) -> Iterable[list[Order]]:
        """Yield the next calls' orders: batches of one mode where there are many."""
        has_many = len(ready) > FEW and ready[0].mode.is_batched
        is_batch = has_many and self._link.supports_batch
        size, rounds = (BATCH, 1) if is_batch else (1, ROUNDS_AHEAD)
        for _ in range(self._slots.count * rounds):
            chunk: list[Order] = []
            while ready and len(chunk) < size and _fits(ready[0], chunk):
                chunk.append(ready.popleft())
            yield chunk

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
            self._slots.submit(self._after_write(orders), self._write, orders)

    def _write(self, orders: list[Order]) -> list[Written]:
        """Write, in a slot's thread: it may have waited, so time is judged here."""
        if self._ledger.is_shut or self._is_too_late(orders[0]):
            raise NotStarted
        deadline = Deadline.after(self._write_seconds)
        if len(orders) == 1:
            return write_one(self._link, orders[0], deadline)
        return write_batch(self._link, orders, deadline)

    def _after_write(
        self, orders: list[Order]
    ) -> Callable[[list[Written] | None, BaseException | None], None]:
        def done(written: list[Written] | None, error: BaseException | None) -> None:
            if isinstance(error, NotStarted):
                self._unsend(orders)
            elif written is None and len(orders) > 1 and self._is_refusal(error):
                self._armed.extendleft([order] for order in orders)
            elif written is None:
                self._fail(orders, reaction_to(error, is_write=True))
            else:
                self._ledger.note_answer()
                took = {item.order.unit for item in written}
                self._armed.extend([o] for o in orders if o.unit not in took)
                self._reading_back.add(written)

        return done

    def _is_refusal(self, error: BaseException | None) -> bool:
        """A refused batch goes record by record: no neighbour fails with another."""
        if isinstance(error, NotFound):
            self._link.note_batch(is_supported=False)
            return True
        if not isinstance(error, PowerSchoolError):
            return False
        return react(error, is_write=True).is_final

    def _fail(self, orders: Sequence[Order], reaction: Reaction) -> None:
        if reaction.outcome is Outcome.REFUSED and self._is_doubtful(orders):
            reaction = replace(reaction, is_final=False)
            for order in orders:
                self._link.doubt(order.unit.school.number, order.unit.day)
        units = [order.unit for order in orders]
        self._ledger.fail(units, reaction, [order.sent for order in orders])

    def _is_doubtful(self, orders: Sequence[Order]) -> bool:
        """Tell whether what was refused is tried once more, with all asked for anew.

        A student known for long may be merged by now, a code have another id.
        """
        return all(
            (order.resolution is None or self._link.is_stale(order.facts))
            and not any(claim.was_refused for claim in order.unit.claims)
            for order in orders
        )

    def _unsend(self, orders: Sequence[Order]) -> None:
        """These were not sent and use up no try."""
        late = Reaction(Outcome.SUPERSEDED, Cause.INTERRUPTED, uses_try=False)
        self._fail(orders, late)

    def _let_go(self) -> None:
        """Drop what was not started; the drain releases its claims."""
        for orders in self._armed:
            self._unsend(orders)
        self._armed.clear()
        self._reading.let_go()
        self._drop([order for ready in self._ready.values() for order in ready])

    def _drop(self, orders: Sequence[Order]) -> None:
        dropped = set(map(id, orders))
        for key, ready in self._ready.items():
            self._ready[key] = deque(o for o in ready if id(o) not in dropped)
        self._ledger.drop(order.unit for order in orders)


def _fits(order: Order, chunk: Sequence[Order]) -> bool:
    """Tell whether an order may go in one call with these."""
    return not chunk or (order.is_batched and order.mode is chunk[0].mode)
