"""What PowerSchool should hold for one student and day in Meeting mode."""

# As in Daily mode the plan follows from the set of the day's events alone. Events that
# must not replace what stands at their own meeting are refused and taken out, and the
# rest is folded again, until nothing objects any more.

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from vmps.models import Cause, Outcome
from vmps.services.planning.comment import compose_comment
from vmps.services.planning.day import (
    PRESENT,
    Before,
    DayEvent,
    DayPlan,
    Existing,
    Rules,
    Verdict,
    Write,
)
from vmps.services.planning.marks import Mark, Marks, fold_day
from vmps.services.planning.standing import is_ours_to_clear, must_stay, needed
from vmps.services.planning.timetable import MeetingTime
from vmps.services.planning.usable import find_unusable, lacks_code

_NOBODYS: frozenset[str] = frozenset()


def plan_meetings(
    events: Sequence[DayEvent],
    *,
    meetings: Sequence[MeetingTime],
    day: date,
    rules: Rules,
    rows: Mapping[str, Existing],
    ours: Mapping[str, frozenset[str]],
    before: Mapping[str, Before],
    codes: Iterable[str],
) -> DayPlan:
    """Return what to write for all of a student's events of one school day.

    `rows`, `ours` (the codes that we wrote, or may have written) and `before` (what we
    replaced first) are by slot; `codes` are those of the school this year (the blank
    one is `""`).
    """
    known = frozenset(codes)
    planning = _Planning(events, meetings, day, rules, rows, ours, before, known)
    planning.settle_refusals()
    return planning.plan()


@dataclass(slots=True)
class _Planning:
    events: Sequence[DayEvent]
    meetings: Sequence[MeetingTime]
    day: date
    rules: Rules
    rows: Mapping[str, Existing]
    ours: Mapping[str, frozenset[str]]
    before: Mapping[str, Before]
    known: frozenset[str]
    refused: dict[int, Verdict] = field(default_factory=dict)
    #: Slots whose code refused an event: nobody else writes there either.
    kept: set[str] = field(default_factory=set)
    marks: Marks = field(init=False)

    @property
    def live(self) -> list[DayEvent]:
        """Return the events that are not void, in order of time."""
        live = [event for event in self.events if not event.is_void]
        return sorted(live, key=lambda event: (event.occurred_at, event.id))

    @property
    def voided(self) -> list[DayEvent]:
        """Return the events that count no more."""
        return [event for event in self.events if event.is_void]

    @property
    def names(self) -> dict[str, str]:
        """Return what people call each slot's meeting."""
        return {meeting.slot: meeting.name for meeting in self.meetings}

    def settle_refusals(self) -> None:
        """Fold the day without the events that PowerSchool's state speaks against."""
        self.refused = dict(find_unusable(self.events, self.known))
        self._fold()
        while found := dict(self._objections()):
            self.refused |= found
            self._fold()
        for event in self.live:
            if event.id in self.marks.homeless and not event.is_by_hand:
                self.refused[event.id] = self.marks.homeless[event.id]

    def _fold(self) -> None:
        self.marks = fold_day(
            self.live,
            meetings=self.meetings,
            day=self.day,
            rules=self.rules,
            refused=self.refused,
        )

    def _objections(self) -> Iterable[tuple[int, Verdict]]:
        for slot, mark in self.marks.standing.items():
            if mark.event.is_by_hand or slot in self.kept:
                continue
            if self._is_unwritable(mark):
                yield mark.event.id, lacks_code(self._code_of(mark))
            elif self._must_stay(mark):
                yield from self._refuse_at(slot)

    def _is_unwritable(self, mark: Mark) -> bool:
        is_written = not mark.is_back or self._is_to_clear(mark.slot)
        return is_written and self._code_of(mark) not in self.known

    def _code_of(self, mark: Mark) -> str:
        return self._before(mark.slot).code if mark.is_back else mark.code

    def _before(self, slot: str) -> Before:
        return self.before.get(slot, PRESENT)

    def _must_stay(self, mark: Mark) -> bool:
        return not mark.is_back and must_stay(
            self.rows.get(mark.slot),
            mark.event,
            mark.code,
            rules=self.rules,
            our_codes=self._ours(mark.slot),
        )

    def _refuse_at(self, slot: str) -> Iterable[tuple[int, Verdict]]:
        """Refuse what happened in a meeting whose code has to stay."""
        stands = f"{self.rows[slot].code} in {self.names[slot]}"
        refusal = Verdict(Outcome.REFUSED, Cause.ALREADY_MARKED, stands)
        for event in self.marks.happened.get(slot, []):
            if not event.is_by_hand:
                self.kept.add(slot)
                yield event.id, refusal

    def plan(self) -> DayPlan:
        """Return the writes in order of time, and a verdict for every event."""
        strays = {slot: self._before(slot) for slot in self._strays()}
        told = [before.tell(f" in {self.names[s]}") for s, before in strays.items()]
        gone = Verdict(Outcome.VOIDED, Cause.VOIDED, ", ".join(filter(None, told)))
        missing = [b.code for b in strays.values() if b.code not in self.known]
        if missing:
            strays, gone = {}, lacks_code(missing[0])
            if not self.voided:
                self.refused |= {event.id: gone for event in self._counted()}
                self._fold()
                return DayPlan((), self._verdicts(set(), gone))
        writes = [
            write
            for slot in self.names
            if (write := self._write(slot, strays.get(slot)))
        ]
        written = {write.slot for write in writes}
        return DayPlan(tuple(writes), self._verdicts(written, gone))

    def _counted(self) -> list[DayEvent]:
        return [
            event
            for event in self.live
            if event.id not in self.refused and not event.is_by_hand
        ]

    def _strays(self) -> Iterable[str]:
        """Yield where our code stands and no event that counts wants one."""
        for slot in self.names:
            is_wanted = slot in self.marks.standing or slot in self.marks.held
            if not is_wanted and self._is_to_clear(slot):
                yield slot

    def _is_to_clear(self, slot: str) -> bool:
        ours = self._ours(slot)
        return is_ours_to_clear(self.rows.get(slot), rules=self.rules, our_codes=ours)

    def _write(self, slot: str, put_back: Before | None) -> Write | None:
        mark = self.marks.standing.get(slot)
        if mark is None:
            return self._put(slot, put_back.code) if put_back else None
        if mark.event.is_by_hand or self._is_left(mark):
            return None
        write = self._put(slot, self._code_of(mark))
        if mark.is_back:
            return write if self._is_to_clear(slot) else None
        return needed(write, self.rows.get(slot), self._ours(slot))

    def _put(self, slot: str, code: str) -> Write:
        return Write(code, self._comment(slot), slot)

    def _is_left(self, mark: Mark) -> bool:
        return mark.slot in self.kept or self._must_stay(mark)

    def _ours(self, slot: str) -> Collection[str]:
        return self.ours.get(slot, _NOBODYS)

    def _comment(self, slot: str) -> str | None:
        markers = self.marks.markers.get(slot, [])
        others = [event for event in self._counted() if event not in markers]
        return compose_comment(
            self.rows.get(slot), markers, [*self.voided, *others], self.rules.zone
        )

    def _verdicts(self, written: set[str], gone: Verdict) -> dict[int, Verdict]:
        verdicts = {event.id: gone for event in self.voided} | self.refused
        for event in self.live:
            if event.id not in self.refused:
                verdicts[event.id] = self._verdict(event, written)
        return verdicts

    def _verdict(self, event: DayEvent, written: set[str]) -> Verdict:
        slots = self.marks.slots.get(event.id, [])
        own = [self.marks.standing[slot] for slot in slots]
        own = [mark for mark in own if mark.event.id == event.id]
        left = [] if event.is_by_hand else [m for m in own if self._is_left(m)]
        notes = [f"left {self.names[m.slot]} as {self.rows[m.slot].code}" for m in left]
        detail = ", ".join(notes)
        if slots and len(own) == len(left):
            # What it happened in comes first, and stands: else it were refused.
            taker = self.marks.standing[slots[0]].event.id
            return Verdict(Outcome.COVERED, Cause.COVERED, detail, covered_by=taker)
        if any(mark.slot in written for mark in own):
            return Verdict(Outcome.WRITTEN, None, detail)
        return Verdict(Outcome.ALREADY_THERE, Cause.ALREADY_THERE, detail)
