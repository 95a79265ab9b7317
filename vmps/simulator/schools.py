"""Schools of the simulated district: their codes, years and calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self

from vmps.simulator.columns import Row
from vmps.simulator.schedules import Schedule
from vmps.simulator.school_years import (
    FIRST_DAY,
    LAST_DAY,
    YEARIDS,
    days_between,
    first_day,
    last_day,
    yearid_of,
)

WEEKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Code:
    """An attendance code as seeded; `att_code` None is the blank Present code."""

    att_code: str | None
    description: str
    presence: str
    yearids: frozenset[int]

    @classmethod
    def from_seed(cls, seed: dict[str, Any]) -> Self:
        """Read one code; without `yearids` it exists in every school year."""
        return cls(
            att_code=seed.get("att_code"),
            description=seed.get("description", ""),
            presence=seed.get("presence", "Present"),
            yearids=frozenset(seed.get("yearids", YEARIDS)),
        )


@dataclass(frozen=True)
class School:
    """One school, numbered from zero in the order of the seed."""

    index: int
    number: int
    name: str
    codes: tuple[Code, ...]
    not_in_session: frozenset[str]
    weekdays: frozenset[int]
    schedule: Schedule

    @classmethod
    def from_seed(cls, index: int, seed: dict[str, Any]) -> Self:
        """Read one school; `in_session_weekdays` counts Monday as 0."""
        return cls(
            index=index,
            number=int(seed["number"]),
            name=seed["name"],
            codes=tuple(Code.from_seed(code) for code in seed["codes"]),
            not_in_session=frozenset(seed.get("not_in_session", ())),
            weekdays=frozenset(seed.get("in_session_weekdays", WEEKDAYS)),
            schedule=Schedule.from_seed(seed),
        )

    def is_in_session(self, day: date) -> bool:
        """Tell whether school is held on a day."""
        if not FIRST_DAY <= day <= LAST_DAY or day.weekday() not in self.weekdays:
            return False
        return day.isoformat() not in self.not_in_session

    def calendar_day_id(self, day: date) -> int:
        """Return CALENDAR_DAY.ID, the same after every restart."""
        return self.index * 100_000 + (day - FIRST_DAY).days + 1

    def day_of(self, calendar_day_id: int) -> date | None:
        """Return the day that a CALENDAR_DAY.ID stands for, if it is this school's."""
        index, number = divmod(calendar_day_id, 100_000)
        day = FIRST_DAY + timedelta(days=number - 1)
        return day if index == self.index and FIRST_DAY <= day <= LAST_DAY else None

    def cycle_place(self, day: date) -> int:
        """Return which letter a day in session has: they alternate by such days."""
        yearid = yearid_of(day)
        if yearid not in self._session_days:
            days = days_between(first_day(yearid), last_day(yearid))
            in_session = filter(self.is_in_session, days)
            self._session_days[yearid] = {
                day: place for place, day in enumerate(in_session)
            }
        return self._session_days[yearid][day] % len(self.schedule.letters)

    @cached_property
    def _session_days(self) -> dict[int, dict[date, int]]:
        return {}

    def period_id(self, yearid: int, place: int) -> int:
        """Return PERIOD.ID."""
        return yearid * 100_000 + self.index * 100 + place + 1

    def period_name(self, period_id: int) -> str:
        """Return the name of a PERIOD.ID, or what is not one of this school's."""
        place = period_id % 100_000 - self.index * 100 - 1
        if 0 <= place < len(self.schedule.periods):
            return self.schedule.periods[place].name
        return f"period {period_id}"

    def cycle_day_id(self, yearid: int, place: int) -> int:
        """Return CYCLE_DAY.ID."""
        return yearid * 10_000 + self.index * 10 + place + 1

    def bell_schedule_id(self, yearid: int, place: int) -> int:
        """Return BELL_SCHEDULE.ID."""
        return yearid * 10_000 + self.index * 10 + place + 1

    def calendar_row(self, day: date) -> Row:
        """Make the CALENDAR_DAY row of a day."""
        is_in_session = int(self.is_in_session(day))
        calendar_day_id = self.calendar_day_id(day)
        bell_schedule_id = cycle_day_id = None
        if is_in_session:
            yearid, bell_place = yearid_of(day), self.schedule.bell_place(day)
            bell_schedule_id = self.bell_schedule_id(yearid, bell_place)
            cycle_day_id = self.cycle_day_id(yearid, self.cycle_place(day))
        return {
            "dcid": calendar_day_id,
            "id": calendar_day_id,
            "schoolid": self.number,
            "date_value": day.isoformat(),
            "insession": is_in_session,
            "membershipvalue": is_in_session,
            "bell_schedule_id": bell_schedule_id,
            "cycle_day_id": cycle_day_id,
        }

    def row(self) -> Row:
        """Make the SCHOOLS row."""
        return {
            "dcid": self.index + 1,
            "id": self.index + 101,
            "school_number": self.number,
            "name": self.name,
            "abbreviation": self.name[:6],
        }

    def code_rows(self) -> Iterator[Row]:
        """Make the ATTENDANCE_CODE rows: other ids in every school and year."""
        for yearid in YEARIDS:
            for place, code in enumerate(self.codes):
                if yearid not in code.yearids:
                    continue
                code_id = yearid * 100_000 + self.index * 100 + place + 1
                yield {
                    "dcid": code_id + 3_000,
                    "id": code_id,
                    "att_code": code.att_code,
                    "description": code.description,
                    "presence_status_cd": code.presence,
                    "schoolid": self.number,
                    "yearid": yearid,
                    "sortorder": place,
                    "lock_teacher_yn": 0,
                }

    def term_rows(self) -> Iterator[Row]:
        """Make the TERMS rows: the year and its two halves."""
        for yearid in YEARIDS:
            middle = date(1991 + yearid, 1, 15)
            for place, abbreviation, opens, closes in (
                (0, "YR", first_day(yearid), last_day(yearid)),
                (1, "S1", first_day(yearid), middle),
                (2, "S2", date(1991 + yearid, 1, 16), last_day(yearid)),
            ):
                yield {
                    "dcid": yearid * 100_000 + self.index * 10 + place,
                    "id": yearid * 100 + place,
                    "yearid": yearid,
                    "schoolid": self.number,
                    "isyearrec": int(place == 0),
                    "portion": 1 if place == 0 else 2,
                    "attendance_calculation_code": 1,
                    "name": f"{1990 + yearid}-{1991 + yearid} {abbreviation}",
                    "abbreviation": abbreviation,
                    "firstday": opens.isoformat(),
                    "lastday": closes.isoformat(),
                }
