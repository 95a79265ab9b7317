"""The reading half of a drain: who the students are, what PowerSchool holds."""

# Groups are cut where one page of rows answers for all, and read beside each other.

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TypeVar

from vmps.clock import Clock
from vmps.config import Settings
from vmps.powerschool import Deadline
from vmps.services.across import (
    FEW,
    LISTED,
    TOGETHER,
    is_lanes_own,
    is_worth_it,
    might_do_better_alone,
    seconds_alone_after,
    seconds_one_by_one_after,
)
from vmps.services.identify import (
    BY_LIST,
    Resolution,
    identify,
    identify_listed,
    needs_identifying,
)
from vmps.services.ledger import Ledger, NotStarted, reaction_to
from vmps.services.link import Link
from vmps.services.modes.choose import mode_of
from vmps.services.slots import Slots
from vmps.services.subject import Subject, Surveyed
from vmps.services.survey import by_school, survey, survey_across
from vmps.services.workload import Unit

Item = TypeVar("Item")
Answer = tuple[list[Surveyed], Deadline]
Identify = Callable[[list[Unit]], dict[int, Resolution]]

#: Of an attempt's budget: what reading some students together may take. What is slower
#: leaves too little for their writes, each of which is a call.
TOGETHER_SHARE = 0.25


def chunked(items: list[Item], size: int) -> Iterable[list[Item]]:
    """Cut a list into as few lists of at most `size` as can be, about equally long.

    A short rest would be asked for one by one, in more calls than a page takes.
    """
    count = max(1, -(-len(items) // size))
    for place in range(count if items else 0):
        yield items[place * len(items) // count : (place + 1) * len(items) // count]


class Reading:
    """Reads for units of a mode and day; hands over what is ready to plan."""

    def __init__(  # noqa: PLR0913 a drain's surroundings
        self,
        link: Link,
        slots: Slots,
        ledger: Ledger,
        *,
        settings: Settings,
        clock: Clock,
        is_ready: Callable[[Surveyed, Deadline], None],
    ) -> None:
        self._link, self._slots, self._ledger = link, slots, ledger
        self._settings, self._clock, self._is_ready = settings, clock, is_ready
        #: Units whose reads are under way or wait for their turn.
        self.pending = 0
        #: Parts of one school day, in the order of ids, that take a call each, or some
        #: for a few: read when their writes' turn comes near.
        self._waiting: deque[list[Subject]] = deque()
        #: So many units of them are read at once just now.
        self._together = 0

    def start(self, group: list[Unit]) -> None:
        """Ask who unknown students are, in the order of ids; survey the others."""
        self.pending += len(group)
        strangers = [unit for unit in group if self._is_stranger(unit)]
        known = [Subject(unit, None) for unit in group if not self._is_stranger(unit)]
        self._survey(known)
        strangers.sort(key=_place_in_roster)
        self._identify(strangers)

    def _is_stranger(self, unit: Unit) -> bool:
        trust = timedelta(hours=self._settings.identity_hours)
        return needs_identifying(unit, now=self._clock(), trust=trust)

    def _identify(self, strangers: list[Unit]) -> None:
        """Ask for many of all schools together; who is not found, school by school."""
        subjects: list[Subject] = []
        waiting: list[list[Unit]] = []

        def ask(how: Identify, chunks: Iterable[list[Unit]]) -> None:
            for chunk in chunks:
                waiting.append(chunk)
                self._slots.submit(partial(done, chunk), how, chunk)

        def done(
            chunk: list[Unit],
            found: dict[int, Resolution] | None,
            error: BaseException | None,
        ) -> None:
            waiting.remove(chunk)
            if found is None:
                self._end(chunk, error)
            else:
                self._ledger.learn(found.values())
                known = [unit for unit in chunk if unit.student.id in found]
                subjects.extend(Subject(unit, found[unit.student.id]) for unit in known)
                if known:
                    self._ledger.note_answer()
                left = [unit for unit in chunk if unit.student.id not in found]
                ask(self._identify_now, _chunks_by_school(left))
            if not waiting:
                self._survey(subjects)

        if len(strangers) > FEW and self._link.reads_across(BY_LIST):
            ask(self._identify_listed_now, chunked(strangers, LISTED))
        else:
            ask(self._identify_now, _chunks_by_school(strangers))

    def start_together(self, room: int) -> None:
        """Read for so many more, some at once: until then they take their room, too."""
        room -= self._together
        while room > 0 and self._slots.is_free and (most := self._most_waiting) > 1:
            chunk = self._next_waiting(most)
            self._submit_together(chunk)
            room -= len(chunk)

    def start_alone(self, room: int) -> None:
        """Read for so many more units that wait, one by one, if slots are free."""
        while room > 0 and self._slots.is_free and self._most_waiting == 1:
            self._submit(self._next_waiting(1))
            room -= 1

    @property
    def _most_waiting(self) -> int:
        """Return how many units the next read is of at most."""
        part = self._waiting[0] if self._waiting else []
        if len(part) <= FEW or not self._link.reads_across(part[0].unit.school_day):
            return min(len(part), 1)
        return mode_of(part[0].unit.school.mode).most_together(self._link)

    def _next_waiting(self, most: int) -> list[Subject]:
        part = self._waiting[0]
        chunk = next(iter(chunked(part, most)))
        del part[: len(chunk)]
        if not part:
            self._waiting.popleft()
        return chunk

    def let_go(self) -> None:
        """Drop the units that wait for their turn."""
        for part in self._waiting:
            self.pending -= len(part)
            self._ledger.drop(subject.unit for subject in part)
        self._waiting.clear()

    def _survey(self, subjects: list[Subject]) -> None:
        subjects.sort(key=lambda subject: subject.ps_id or 0)
        if not subjects:
            return
        mode = mode_of(subjects[0].unit.school.mode)
        if mode.reads_alone:
            self._waiting.append(subjects)
            return
        parts = by_school(subjects)
        if self._link.reads_across(mode) and is_worth_it([len(part) for part in parts]):
            self._survey_across(subjects)
        else:
            self._survey_alone(subjects)

    def _survey_alone(self, subjects: Iterable[Subject]) -> None:
        for part in by_school(subjects):
            most = mode_of(part[0].unit.school.mode).most_together(self._link)
            for chunk in chunked(part, most):
                self._submit(chunk)

    def _survey_across(self, subjects: list[Subject]) -> None:
        """Read for several schools at once; those that this fails are read alone."""
        numbers = {subject.unit.school.number for subject in subjects}

        def done(
            chunk: list[Subject],
            answer: tuple[list[Surveyed], list[Subject], Deadline] | None,
            error: BaseException | None,
        ) -> None:
            if answer is None:
                self._part(chunk, error)
                return
            surveyed, left, deadline = answer
            self._hand_over(surveyed, deadline)
            self._survey_alone(left)

        for chunk in chunked(subjects, TOGETHER):
            self._slots.submit(
                partial(done, chunk), self._survey_across_now, chunk, numbers
            )

    def _part(self, chunk: list[Subject], error: BaseException | None) -> None:
        """Reading these schools together failed: no school fails for another."""
        if not isinstance(error, NotStarted):
            mode = mode_of(chunk[0].unit.school.mode)
            self._link.read_alone(mode, seconds_alone_after(error))
            if might_do_better_alone(error):
                self._survey_alone(chunk)
                return
        self._end([subject.unit for subject in chunk], error)

    def _submit(self, chunk: list[Subject]) -> None:
        def done(answer: Answer | None, error: BaseException | None) -> None:
            if answer is None:
                self._end([subject.unit for subject in chunk], error)
                return
            self._hand_over(*answer)

        self._slots.submit(done, self._survey_now, chunk)

    def _submit_together(self, chunk: list[Subject]) -> None:
        """Read for some students of a school at once; whom this fails is read alone."""
        self._together += len(chunk)

        def done(answer: Answer | None, error: BaseException | None) -> None:
            self._together -= len(chunk)
            if answer is not None:
                self._hand_over(*answer)
            elif isinstance(error, NotStarted) or is_lanes_own(error):
                self._end([subject.unit for subject in chunk], error)
            else:
                seconds = seconds_one_by_one_after(error)
                self._link.read_alone(chunk[0].unit.school_day, seconds)
                self._waiting.extendleft([subject] for subject in reversed(chunk))

        self._slots.submit(done, self._survey_together_now, chunk)

    def _hand_over(self, surveyed: list[Surveyed], deadline: Deadline) -> None:
        self.pending -= len(surveyed)
        self._ledger.note_answer()
        for item in surveyed:
            self._is_ready(item, deadline)

    def _identify_now(self, chunk: list[Unit]) -> dict[int, Resolution]:
        students = [unit.student for unit in chunk]
        return identify(self._link, chunk[0].school.number, students, self._begin())

    def _identify_listed_now(self, chunk: list[Unit]) -> dict[int, Resolution]:
        students = [unit.student for unit in chunk]
        return identify_listed(self._link, students, self._begin())

    def _survey_now(self, chunk: list[Subject]) -> Answer:
        deadline = self._begin()
        return survey(self._link, chunk, deadline), deadline

    def _survey_together_now(self, chunk: list[Subject]) -> Answer:
        deadline = self._begin()
        share = Deadline.after(self._settings.attempt_seconds * TOGETHER_SHARE)
        return survey(self._link, chunk, share), deadline

    def _survey_across_now(
        self, chunk: list[Subject], numbers: Collection[str]
    ) -> tuple[list[Surveyed], list[Subject], Deadline]:
        deadline = self._begin()
        return *survey_across(self._link, chunk, numbers, deadline), deadline

    def _begin(self) -> Deadline:
        """In a slot: the budget begins with the first call, not in our own queue."""
        if self._ledger.is_shut:
            raise NotStarted
        return Deadline.after(self._settings.attempt_seconds)

    def _end(self, units: list[Unit], error: BaseException | None) -> None:
        self.pending -= len(units)
        if isinstance(error, NotStarted):
            self._ledger.drop(units)
        else:
            self._ledger.fail(units, reaction_to(error, is_write=False))


def _chunks_by_school(units: Iterable[Unit]) -> Iterable[list[Unit]]:
    """Cut units that are sorted by school so that a page answers for each chunk."""
    for _school, group in groupby(units, lambda unit: unit.school.id):
        yield from chunked(list(group), TOGETHER)


def _place_in_roster(unit: Unit) -> tuple[int, int, str]:
    """Order by school, then by an id of digits."""
    return unit.school.id, len(unit.student.sis_id), unit.student.sis_id
