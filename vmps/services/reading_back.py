"""The last half of a drain: what was written is read again, many rows in one call."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from vmps.config import Settings
from vmps.models import Cause, Outcome
from vmps.powerschool import Deadline
from vmps.services.across import (
    TOGETHER,
    is_worth_it,
    might_do_better_alone,
    seconds_alone_after,
)
from vmps.services.ledger import Ledger, reaction_to
from vmps.services.link import Link
from vmps.services.modes.choose import Group, group_of
from vmps.services.order import Written
from vmps.services.reaction import Reaction
from vmps.services.reading import chunked
from vmps.services.record import Result
from vmps.services.slots import Slots
from vmps.services.workload import Unit

SchoolDay = tuple[int, date]

#: So many are worth a call after a short wait; fewer wait for others, a while.
WORTH_A_CALL = 10
SHORT_WAIT_SECONDS = 0.5
#: Of an attempt's budget: what is left must do for the call.
LONGEST_WAIT_SHARE = 0.1


class ReadingBack:
    """Written units, by school and day, until one call can check many of them."""

    def __init__(
        self, link: Link, slots: Slots, ledger: Ledger, settings: Settings
    ) -> None:
        self._link, self._slots, self._ledger = link, slots, ledger
        self._settings = settings
        self._written: dict[SchoolDay, list[Written]] = defaultdict(list)
        self._since: dict[SchoolDay, float] = {}

    def add(self, written: Sequence[Written]) -> None:
        """PowerSchool says that it took these."""
        for item in written:
            key = item.order.unit.school_day
            self._written[key].append(item)
            self._since.setdefault(key, time.monotonic())

    def start_due(self) -> None:
        """Read back what is a pageful, has waited, or has nothing beside it."""
        is_quiet = self._slots.running == 0
        due: dict[Group, list[SchoolDay]] = defaultdict(list)
        for key, written in list(self._written.items()):
            waited = time.monotonic() - self._since[key]
            if is_quiet or waited > self._longest_wait(len(written)):
                due[group_of(written[0].order.unit)].append(key)
            elif len(written) >= TOGETHER + self._slots.count:
                self._start_oldest(key)
        for keys in due.values():
            self._start_all(keys)

    def _longest_wait(self, count: int) -> float:
        if count >= WORTH_A_CALL:
            return SHORT_WAIT_SECONDS
        share = LONGEST_WAIT_SHARE * self._settings.attempt_seconds
        return max(SHORT_WAIT_SECONDS, share)

    def _start_all(self, keys: Sequence[SchoolDay]) -> None:
        """Read back all of these schools: together, where that is fewer calls."""
        parts = [self._written.pop(key) for key in keys]
        for key in keys:
            del self._since[key]
        is_open = self._link.reads_across(parts[0][0].order.mode)
        if is_open and is_worth_it([len(part) for part in parts]):
            parts = [[item for part in parts for item in part]]
        for part in parts:
            for chunk in chunked(sorted(part, key=_row), TOGETHER):
                self._start(chunk)

    def _start_oldest(self, key: SchoolDay) -> None:
        """A page of rows without gaps: those of calls under way come after them."""
        written = sorted(self._written[key], key=_row)
        self._written[key] = written[TOGETHER:]
        self._since[key] = time.monotonic()
        self._start(written[:TOGETHER])

    def _start(self, written: list[Written]) -> None:
        def done(matches: set[Unit] | None, error: BaseException | None) -> None:
            if matches is None:
                if self._part(written, error):
                    return
                reaction = reaction_to(error, is_write=True)
                unsure = replace(reaction, outcome=Outcome.AMBIGUOUS, is_final=False)
                units = [item.order.unit for item in written]
                self._ledger.fail(units, unsure, [item.sent for item in written])
                return
            for item in written:
                self._finish(item, is_match=item.order.unit in matches)

        # The attempt's budget covers this too; where it is spent, the next try reads.
        budget = min(item.order.deadline.remaining() for item in written)
        deadline = Deadline.after(min(self._settings.call_seconds, budget))
        read_back = written[0].order.mode.read_back
        self._slots.submit(done, read_back, self._link, written, deadline)

    def _part(self, written: list[Written], error: BaseException | None) -> bool:
        """Read back school by school what several schools together were refused."""
        parts: dict[SchoolDay, list[Written]] = defaultdict(list)
        for item in written:
            parts[item.order.unit.school_day].append(item)
        if len(parts) == 1:
            return False
        self._link.read_alone(written[0].order.mode, seconds_alone_after(error))
        if not might_do_better_alone(error):
            return False
        for part in parts.values():
            self._start(part)
        return True

    def _finish(self, item: Written, *, is_match: bool) -> None:
        order, reaction = item.order, None
        if is_match:
            self._ledger.written_modes.add(str(order.unit.school.mode))
        else:
            reaction = Reaction(Outcome.AMBIGUOUS, Cause.READ_BACK_DIFFERS)
        self._ledger.finish(
            Result(
                order.unit,
                dict(order.verdicts),
                reaction=reaction,
                sent=item.sent,
                resolution=order.resolution,
                was_begun=True,
            )
        )


def _row(item: Written) -> int:
    return item.sent.ps_row or 0
