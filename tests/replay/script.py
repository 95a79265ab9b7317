"""What happens when: reports, clerks' marks, voids and corrections of one day."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.replay.people import Person, Story
from tests.replay.town import (
    DOCTOR,
    EARLY,
    LATE,
    OUTDATED,
    UNMAPPED,
    ZONE,
    Place,
)

#: The day is cut into waves of half an hour, from 7:30 on; the first ones are clerks'.
WAVES, WAVE_MINUTES, OPENS = 18, 30, 7 * 60 + 30
#: Reports may come so many waves late, also out of order.
LATEST = 2


@dataclass(frozen=True, slots=True)
class Report:
    """One event as it happened; `wave` is when it reaches us."""

    id: str
    person: Person
    place: Place
    is_late: bool
    at: datetime
    reason: str
    wave: int


@dataclass(frozen=True, slots=True)
class Change:
    """A void, or what a report should have said."""

    wave: int
    report: Report
    at: datetime | None = None
    reason: str | None = None

    @property
    def is_void(self) -> bool:
        """Tell whether the event did not happen at all."""
        return self.at is None and self.reason is None


@dataclass(frozen=True, slots=True)
class Mark:
    """A clerk's code for a student, in all their meetings where there are any."""

    wave: int
    ps_id: int
    place: Place
    code: str


@dataclass(slots=True)
class Script:
    """Everything that happens, in no order; the waves make it."""

    day: date
    reports: list[Report] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def write_script(places: Sequence[Place], day: date) -> Script:
    """Write the day; the same places give the same one."""
    script = Script(day)
    for place in places:
        chance = random.Random(place.number)
        for person in place.people:
            _Writing(script, place, person, chance).write()
        for ps_id in place.bystanders:
            if chance.random() < 0.2:
                code = chance.choice("AAATSF")
                script.marks.append(Mark(chance.randrange(WAVES), ps_id, place, code))
    return script


@dataclass(slots=True)
class _Writing:
    """One person's part of the script."""

    script: Script
    place: Place
    person: Person
    chance: random.Random

    def write(self) -> None:
        story = self.person.story
        morning, noon, later = self._minutes()
        if story is Story.AT_NIGHT:
            self._at_night()
            return
        reports = list(self._reports(story, morning, noon, later))
        self._mark(story, reports[0])
        self._change(story, reports)

    def _minutes(self) -> tuple[int, int, int]:
        """Return three times of the school day, as minutes since midnight."""
        choose = self.chance.randrange
        return choose(8 * 60 + 1, 10 * 60), choose(10 * 60, 12 * 60), choose(720, 830)

    def _reports(
        self, story: Story, morning: int, noon: int, later: int
    ) -> Iterable[Report]:
        reason = {Story.UNMAPPED: UNMAPPED, Story.OUTDATED: OUTDATED}.get(story, LATE)
        if story in {Story.EARLY, Story.BACK}:
            yield self._report(noon, is_late=False)
        else:
            yield self._report(morning, reason=reason)
        if story in {Story.LATE_AND_EARLY, Story.LATER_VOIDED}:
            yield self._report(noon, is_late=False)
        if story is Story.BACK:
            yield self._report(later)
        if story is Story.THRICE:
            yield self._report(noon, is_late=False, is_prompt=True)
            yield self._report(later, is_prompt=True)

    def _report(
        self,
        minute: int,
        *,
        is_late: bool = True,
        reason: str = LATE,
        is_prompt: bool = False,
    ) -> Report:
        happened = (minute - OPENS) // WAVE_MINUTES
        is_delayed = not is_prompt and self.chance.random() < 0.15
        delay = self.chance.randint(1, LATEST) if is_delayed else 0
        if self.person.story is Story.THRICE:
            delay = 0
        return self._add(
            clock_of(self.script.day, minute),
            is_late=is_late,
            reason=reason,
            wave=happened + delay,
        )

    def _add(self, at: datetime, *, is_late: bool, reason: str, wave: int) -> Report:
        report = Report(
            id=f"event-{len(self.script.reports)}",
            person=self.person,
            place=self.place,
            is_late=is_late,
            at=at,
            reason=reason if is_late else EARLY,
            wave=wave,
        )
        self.script.reports.append(report)
        return report

    def _at_night(self) -> None:
        """In at 1:50, out twenty minutes later: at 1:10 or 3:10 when clocks change."""
        at = clock_of(self.script.day, 110)
        self._add(at, is_late=True, reason=LATE, wave=0)
        self._add(at + timedelta(minutes=20), is_late=False, reason=EARLY, wave=0)

    def _mark(self, story: Story, first: Report) -> None:
        absent = dict.fromkeys((Story.ABSENT, Story.ABSENT_VOIDED), "A")
        codes = {**absent, Story.SAME: "T", Story.PROTECTED: "S"}
        if story in codes:
            self._add_mark(0, codes[story])
        if story is Story.PROTECTED_MEANWHILE:
            self._add_mark(first.wave, "F")

    def _add_mark(self, wave: int, code: str) -> None:
        self.script.marks.append(Mark(wave, self.person.ps_id, self.place, code))

    def _change(self, story: Story, reports: Sequence[Report]) -> None:
        last = reports[-1]
        wave = last.wave + self.chance.randint(0, 3)
        if story in {Story.VOIDED, Story.LATER_VOIDED, Story.ABSENT_VOIDED}:
            self.script.changes.append(Change(wave, last))
        if story is Story.TIME_CORRECTED:
            minute = minute_of(last.at)
            other = self.chance.choice([*range(481, minute), minute + 1])
            at = clock_of(self.script.day, other)
            self.script.changes.append(Change(wave, last, at=at))
        if story is Story.REASON_CORRECTED:
            self.script.changes.append(Change(wave, last, reason=DOCTOR))


def clock_of(day: date, minute: int) -> datetime:
    """Return the moment at which the schools' clocks show this minute of the day."""
    hour, minute = divmod(minute, 60)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))
    return local.astimezone(UTC)


def minute_of(moment: datetime) -> int:
    """Return the minute of the day that the schools' clocks show."""
    local = moment.astimezone(ZoneInfo(ZONE))
    return local.hour * 60 + local.minute
