"""A drain's ledger: who is under way, what has ended, how the lane fares."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vmps.models import Cause, Outcome
from vmps.powerschool import PowerSchoolError
from vmps.services.identify import Resolution
from vmps.services.reaction import (
    BREAKER_FAILURES,
    LaneEffect,
    Reaction,
    react,
)
from vmps.services.record import Result, Sent
from vmps.services.recorder import Recorder
from vmps.services.workload import Unit

log = logging.getLogger(__name__)


class NotStarted(Exception):
    """A call's turn came too late: the drain is closing, or no time is left."""


@dataclass(frozen=True, slots=True)
class Halt:
    """Why the lane starts nothing more in this drain."""

    reaction: Reaction
    mode: str


class Ledger:
    """One a drain, used by its deciding thread only."""

    def __init__(self, recorder: Recorder, failures: int) -> None:
        self.halt: Halt | None = None
        #: Nothing more is started; slots look here before they call.
        self.is_closing = False
        self.has_heard = False
        self.written_modes: set[str] = set()
        #: Failed calls since the last good one, over drains.
        self.failures = failures
        self._recorder = recorder
        self._units: set[Unit] = set()

    @property
    def is_shut(self) -> bool:
        """Tell whether calls that wait for a slot are to be left."""
        return self.is_closing or self.halt is not None

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is under way."""
        return not self._units

    @property
    def busy_students(self) -> set[int]:
        """Return the students with a unit under way."""
        return {unit.student.id for unit in self._units}

    def open(self, unit: Unit) -> None:
        """A unit is under way."""
        self._units.add(unit)

    def drop(self, units: Iterable[Unit]) -> None:
        """These units were not started; the drain's end releases their claims."""
        self._units.difference_update(units)

    def learn(self, resolutions: Iterable[Resolution]) -> None:
        """Who these students are was found out."""
        self._recorder.learn(resolutions)

    def finish(self, result: Result) -> None:
        """A unit has ended; it stays under way until that is recorded."""
        self._recorder.add(result)

    def flush(self, *, is_forced: bool) -> None:
        """Record what has ended, if it is time."""
        recorded = self._recorder.flush(is_forced=is_forced)
        self.drop(result.unit for result in recorded)

    def note_answer(self) -> None:
        """PowerSchool answered well."""
        self.has_heard = True
        self.failures = 0

    def fail(
        self,
        units: Sequence[Unit],
        reaction: Reaction,
        sent: Sequence[Sent | None] = (),
    ) -> None:
        """All of these units ended the same way; `sent` for those that were begun."""
        self._note_trouble(reaction, str(units[0].school.mode))
        for place, unit in enumerate(units):
            record = sent[place] if sent else None
            was_begun = record is not None
            self.finish(Result(unit, {}, reaction, sent=record, was_begun=was_begun))

    def _note_trouble(self, reaction: Reaction, mode: str) -> None:
        """One failed call is that event's; five in a row are the lane's."""
        if reaction.lane is LaneEffect.NONE or self.halt:
            return
        if reaction.lane is LaneEffect.FAILURE:
            self.failures += 1
            if self.failures < BREAKER_FAILURES:
                return
        self.halt = Halt(reaction, mode)


def without_message(error: BaseException | None) -> str:
    """Return an error's type and places; a database's message may quote a row."""
    places = traceback.extract_tb(error.__traceback__ if error else None)
    path = " > ".join(f"{p.filename}:{p.lineno}" for p in places[-4:])
    return f"{type(error).__name__} at {path}"


def reaction_to(error: BaseException | None, *, is_write: bool) -> Reaction:
    """Return what follows from an error of a slot; one of our own is logged."""
    if isinstance(error, PowerSchoolError):
        return react(error, is_write=is_write)
    log.error("drain.failed error=%s", without_message(error))
    outcome = Outcome.AMBIGUOUS if is_write else Outcome.NOT_SENT
    return Reaction(outcome, Cause.INTERNAL_ERROR)
