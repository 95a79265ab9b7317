"""Who was late and who left early in the last weeks, and what went wrong with it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from vmps.demo.past.events import Deed, PastEvent
from vmps.demo.past.incidents import CHANCES, Incident
from vmps.demo.past.powerschool import PastPowerSchool
from vmps.demo.school_days import EARLY_HOURS, LATE_HOURS, outage_day
from vmps.models import EventType, Student
from vmps.services.workload import SchoolView

Thing = TypeVar("Thing")

#: A school for which nothing is sent reports less; one without a mode has just begun.
QUIET_SHARE, NEW_DAYS = 0.25, 2
CLOSED_COUNT = 4
#: Every so many days the students come whom PowerSchool knows otherwise.
TROUBLE_EVERY = 5

#: What stood in PowerSchool already, and how likely that is.
STANDING = (("T", 0.012), ("A", 0.02), ("S", 0.006), ("F", 0.004))
DEEDS = ((Deed.ENTER_BY_HAND, 0.3), (Deed.RETRY, 0.25), (Deed.VOID, 0.002))
RELEASED_TO = ("Mother", "Father", "Grandmother", "Grandfather", "Aunt", "Guardian")

_OUTAGE_BEGINS, _OUTAGE_LASTS = time(9, 40), timedelta(hours=72, minutes=25)
_DEEDS_BEGIN, _DEEDS_LAST = time(15, 5), 55 * 60


@dataclass(frozen=True)
class PastSchool:
    """A school with its students, and its reasons as (label, code)."""

    view: SchoolView
    students: Sequence[Student]
    reasons: Mapping[EventType, Sequence[tuple[str, str | None]]]

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing is sent for it."""
        return not self.view.is_enabled or self.view.mode is None

    def moment(self, day: date, at: time) -> datetime:
        """Return a moment of the school's own clock."""
        return datetime.combine(day, at, self.view.rules.zone).astimezone(UTC)


def find_outage(school: PastSchool, days: list[date]) -> tuple[datetime, datetime]:
    """Return when PowerSchool was away: a long weekend, and then some."""
    begins = school.moment(outage_day(days), _OUTAGE_BEGINS)
    return begins, begins + _OUTAGE_LASTS


class Story:
    """Makes up events from chance; the same chance makes the same ones."""

    def __init__(
        self,
        powerschool: PastPowerSchool,
        days: Sequence[date],
        chance: random.Random,
        outage: tuple[datetime, datetime] | None,
    ) -> None:
        self._powerschool, self._days, self._chance = powerschool, days, chance
        self._outage = outage

    def tell(
        self, schools: Sequence[PastSchool], late_share: float, first_number: int
    ) -> list[PastEvent]:
        """Return the events in the order in which they were accepted."""
        told = [
            event
            for place, day in enumerate(self._days)
            for school in schools
            for event in self._school_day(school, place, day, late_share)
        ]
        told.sort(key=lambda event: (event.accepted_at, event.external_id))
        for number, event in enumerate(told, start=first_number):
            event.number = number
        return told

    def _school_day(
        self, school: PastSchool, place: int, day: date, late_share: float
    ) -> Iterable[PastEvent]:
        count = round(len(school.students) * late_share * self._uniform(0.7, 1.3))
        if school.is_quiet:
            count = round(count * QUIET_SHARE)
        if school.view.mode is None and place < len(self._days) - NEW_DAYS:
            return
        is_open = self._powerschool.is_in_session(school.view.number, day)
        late = self._pick(school, count if is_open else CLOSED_COUNT)
        early = self._pick(school, round(count * 0.3)) if is_open else []
        if place % TROUBLE_EVERY == 2:
            late = list(dict.fromkeys([*late, *self._trouble(school, day)]))
        if self._is_out(school, day):
            # A drain takes both events of one student together; here each goes alone.
            early = [student for student in early if student not in late]
        for student in late:
            yield self._event(school, student, EventType.LATE_CHECK_IN, day)
        for student in early:
            yield self._event(school, student, EventType.EARLY_CHECK_OUT, day)

    def _uniform(self, least: float, most: float) -> float:
        return self._chance.uniform(least, most)

    def _pick(self, school: PastSchool, count: int) -> list[Student]:
        """Return so many students; every fifth comes late six times as often."""
        weights = [6 if place % 5 == 3 else 1 for place in range(len(school.students))]
        picked = self._chance.choices(school.students, weights, k=count * 3)
        return list(dict.fromkeys(picked))[:count]

    def _trouble(self, school: PastSchool, day: date) -> list[Student]:
        number = school.view.number
        is_trouble = self._powerschool.is_trouble
        return [s for s in school.students if is_trouble(s, number, day)]

    def _is_out(self, school: PastSchool, day: date) -> bool:
        if self._outage is None:
            return False
        zone = school.view.rules.zone
        return day in {moment.astimezone(zone).date() for moment in self._outage}

    def _event(
        self, school: PastSchool, student: Student, kind: EventType, day: date
    ) -> PastEvent:
        occurred_at = self._when(school, kind, day)
        reason, code = self._reason(school, kind)
        is_early = kind is EventType.EARLY_CHECK_OUT
        event = PastEvent(
            number=0,
            external_id=f"evt_{self._chance.getrandbits(128):032x}",
            school=school.view,
            student=student,
            type=kind,
            occurred_at=occurred_at,
            accepted_at=occurred_at + timedelta(seconds=self._uniform(0.2, 2.5)),
            reason=reason,
            code=code,
            released_to=self._chance.choice(RELEASED_TO) if is_early else "",
            incidents=self._incidents(),
            standing=self._one_of(STANDING),
            deed=self._one_of(DEEDS),
        )
        if event.deed:
            wait = timedelta(seconds=self._chance.randrange(_DEEDS_LAST))
            event.deed_at = school.moment(day, _DEEDS_BEGIN) + wait
        return event

    def _when(self, school: PastSchool, kind: EventType, day: date) -> datetime:
        """Late most of all soon after eight, early at any time after noon."""
        if kind is EventType.LATE_CHECK_IN:
            opens, until = (school.moment(day, at) for at in LATE_HOURS)
            longest = (until - opens).total_seconds()
            seconds = int(self._chance.triangular(0, longest, 12 * 60))
            return opens + timedelta(seconds=seconds)
        opens, until = (school.moment(day, at) for at in EARLY_HOURS)
        seconds = self._chance.randrange(int((until - opens).total_seconds()))
        return opens + timedelta(seconds=seconds)

    def _reason(self, school: PastSchool, kind: EventType) -> tuple[str, str | None]:
        """Return a reason; those on top of the list are picked most."""
        reasons = school.reasons[kind]
        weights = range(len(reasons), 0, -1)
        return self._chance.choices(reasons, weights)[0]

    def _incidents(self) -> list[Incident]:
        incident = self._one_of(CHANCES)
        if incident is None:
            return []
        return [incident] * (2 if self._chance.random() < 0.3 else 1)

    def _one_of(self, chances: Sequence[tuple[Thing, float]]) -> Thing | None:
        """Return one of the things, each as likely as it says, or none."""
        left = self._chance.random()
        for thing, share in chances:
            left -= share
            if left < 0:
                return thing
        return None
