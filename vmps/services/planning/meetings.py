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
    BLANK,
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
from vmps.services.planning.usable import find_unusable

NO_BLANK = Verdict(Outcome.REFUSED, Cause.CODE_MISSING, "the blank Present code")
_NOBODYS: frozenset[str] = frozenset()


def plan_meetings(
    events: Sequence[DayEvent],
    *,
    meetings: Sequence[MeetingTime],
    day: date,
    rules: Rules,
    rows: Mapping[str, Existing],
    ours: Mapping[str, frozenset[str]],
    codes: Iterable[str],
) -> DayPlan:
    """Return what to write for all of a student's events of one school day.

    `rows` and `ours` (the codes that we wrote, or may have written) are by slot;
    `codes` are those of the school this year (the blank one is `""`).
    """
    planning = _Planning(events, meetings, day, rules, rows, ours, frozenset(codes))
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
            if self._lacks_code(mark):
                missing = Verdict(Outcome.REFUSED, Cause.CODE_MISSING, mark.code)
                yield mark.event.id, NO_BLANK if mark.is_back else missing
            elif self._must_stay(mark):
                yield from self._refuse_at(slot)

    def _lacks_code(self, mark: Mark) -> bool:
        is_written = not mark.is_back or self._is_to_clear(mark.slot)
        return is_written and mark.code not in self.known

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
        strays = [s for s in self.names if self._is_stray(s)]
        gone = Verdict(Outcome.VOIDED, Cause.VOIDED)
        if strays and BLANK not in self.known:
            strays, gone = [], NO_BLANK
            if not self.voided:
                self.refused |= {e.id: NO_BLANK for e in self._counted()}
                self._fold()
                return DayPlan((), self._verdicts(set(), gone))
        writes = [
            write
            for slot in self.names
            if (write := self._write(slot, is_stray=slot in strays))
        ]
        written = {write.slot for write in writes}
        return DayPlan(tuple(writes), self._verdicts(written, gone))

    def _counted(self) -> list[DayEvent]:
        return [
            event
            for event in self.live
            if event.id not in self.refused and not event.is_by_hand
        ]

    def _is_stray(self, slot: str) -> bool:
        """Tell whether our code stands where no event that counts wants one."""
        is_wanted = slot in self.marks.standing or slot in self.marks.held
        return not is_wanted and self._is_to_clear(slot)

    def _is_to_clear(self, slot: str) -> bool:
        ours = self._ours(slot)
        return is_ours_to_clear(self.rows.get(slot), rules=self.rules, our_codes=ours)

    def _write(self, slot: str, *, is_stray: bool) -> Write | None:
        mark = self.marks.standing.get(slot)
        if mark is None:
            return Write(BLANK, self._comment(slot), slot) if is_stray else None
        if mark.event.is_by_hand or self._is_left(mark):
            return None
        if mark.is_back:
            is_to_clear = self._is_to_clear(slot)
            return Write(BLANK, self._comment(slot), slot) if is_to_clear else None
        write = Write(mark.code, self._comment(slot), slot)
        return needed(write, self.rows.get(slot), self._ours(slot))

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
