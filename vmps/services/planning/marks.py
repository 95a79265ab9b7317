"""Which event marks which meeting: a day's check-ins and check-outs, folded."""

# By what happened alone: what PowerSchool holds comes after, in `meetings`.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from vmps.models import Cause, EventType, Outcome
from vmps.services.planning.day import BLANK, DayEvent, Rules, Verdict
from vmps.services.planning.timetable import (
    MeetingTime,
    clock_text,
    find_current,
    is_after,
    is_before,
    seconds_of,
)


class Role(Enum):
    """Why an event marks a meeting."""

    CURRENT = auto()  # it happened in it, or on the way to it
    MISSED = auto()  # wholly missed before the arrival
    REMAINING = auto()  # after the dismissal
    BACK = auto()  # attended after all: the student returned


@dataclass(frozen=True, slots=True)
class Mark:
    """What one event makes of one meeting."""

    slot: str
    event: DayEvent
    role: Role
    code: str

    @property
    def is_back(self) -> bool:
        """Tell whether this takes a dismissal's code back: what it replaced returns."""
        return self.role is Role.BACK


#: The student is here, or was not seen yet, or left at that second.
_HERE, _NOT_SEEN = None, -1


@dataclass(slots=True)
class Marks:
    """The day's meetings as the events that count leave them."""

    meetings: Sequence[MeetingTime]
    day: date
    rules: Rules
    #: By slot: the mark that stands.
    standing: dict[str, Mark] = field(default_factory=dict)
    #: By slot: the events that marked it and were not taken back, in order of time.
    markers: dict[str, list[DayEvent]] = field(default_factory=dict)
    #: By event: the slots it marked, those it happened in first.
    slots: dict[int, list[str]] = field(default_factory=dict)
    #: By slot: the events that happened in it.
    happened: dict[str, list[DayEvent]] = field(default_factory=dict)
    #: Slots of events that were refused: nothing there is cleared.
    held: set[str] = field(default_factory=set)
    #: Events without a meeting.
    homeless: dict[int, Verdict] = field(default_factory=dict)
    _away_since: int | None = _NOT_SEEN

    def add(self, event: DayEvent, *, is_refused: bool) -> None:
        """Take the next event in; a refused one happened, but marks nothing."""
        at = seconds_of(event.occurred_at, self.day, self.rules.zone)
        is_arrival = event.type is EventType.LATE_CHECK_IN
        marks = list(self._arrive(event, at) if is_arrival else self._leave(event, at))
        self._away_since = _HERE if is_arrival else at
        if is_refused:
            self.held.update(mark.slot for mark in marks if not mark.is_back)
            return
        if not marks:
            self.homeless[event.id] = self._no_meeting(at, is_arrival=is_arrival)
        for mark in marks:
            self._apply(mark)

    def _arrive(self, event: DayEvent, at: int) -> Iterable[Mark]:
        if not self.meetings or is_after(self.meetings, at):
            return
        # Who is back before the first meeting is late for none.
        is_late = not is_before(self.meetings, at)
        current = find_current(self.meetings, at) if is_late else []
        for meeting in current:
            yield Mark(meeting.slot, event, Role.CURRENT, event.code or BLANK)
        for meeting in self._missed_before(at):
            yield Mark(meeting.slot, event, Role.MISSED, self.rules.missed_code)
        for meeting in self.meetings:
            mark = self.standing.get(meeting.slot)
            is_marked = mark is not None and not mark.is_back
            if meeting.starts > at and meeting not in current and is_marked:
                yield Mark(meeting.slot, event, Role.BACK, BLANK)

    def _missed_before(self, at: int) -> Iterable[MeetingTime]:
        """Yield what the student was away for, from its start to its end, unmarked."""
        since = self._away_since
        if not self.rules.missed_code or since is _HERE:
            return
        for meeting in self.meetings:
            mark = self.standing.get(meeting.slot)
            is_free = mark is None or mark.is_back
            if meeting.starts >= since and meeting.ends <= at and is_free:
                yield meeting

    def _leave(self, event: DayEvent, at: int) -> Iterable[Mark]:
        if not self.meetings or is_after(self.meetings, at):
            return
        current = find_current(self.meetings, at)
        for meeting in current:
            yield Mark(meeting.slot, event, Role.CURRENT, event.code or BLANK)
        if not self.rules.marks_remaining:
            return
        code = self.rules.remaining_code or event.code or BLANK
        for meeting in self.meetings:
            if meeting.starts > at and meeting not in current:
                yield Mark(meeting.slot, event, Role.REMAINING, code)

    def _apply(self, mark: Mark) -> None:
        slot, event = mark.slot, mark.event
        self.slots.setdefault(event.id, []).append(slot)
        if mark.is_back:
            self.standing[slot] = mark
            self.markers[slot] = []
            return
        self.markers.setdefault(slot, []).append(event)
        if mark.role is Role.CURRENT:
            self.happened.setdefault(slot, []).append(event)
        first = self.standing.get(slot)
        if first is None or first.is_back or not self.rules.keeps_first:
            self.standing[slot] = mark

    def _no_meeting(self, at: int, *, is_arrival: bool) -> Verdict:
        detail = "none that day"
        if self.meetings:
            what = "checked in" if is_arrival else "checked out"
            first = min(m.starts for m in self.meetings)
            last = max(m.ends for m in self.meetings)
            when = (
                f"the first class starts {clock_text(first)}"
                if is_before(self.meetings, at)
                else f"the last class ended {clock_text(last)}"
            )
            detail = f"{what} {clock_text(at)}, {when}"
        return Verdict(Outcome.REFUSED, Cause.NO_MEETING, detail)


def fold_day(
    live: Sequence[DayEvent],
    *,
    meetings: Sequence[MeetingTime],
    day: date,
    rules: Rules,
    refused: Mapping[int, Verdict],
) -> Marks:
    """Return what the day's events, in order of time, make of its meetings."""
    marks = Marks(meetings, day, rules)
    for event in live:
        marks.add(event, is_refused=event.id in refused)
    return marks
