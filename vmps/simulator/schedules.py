"""A school's day: its periods, bell schedules, half days and cycle letters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

SECONDS_A_MINUTE = 60
MODES = ("daily", "time", "meeting", "interval")
WHOLE_DAY = {"number": 1, "name": "Day", "start": "08:00", "end": "15:00"}
REGULAR, HALF = 0, 1  # places of the bell schedules


@dataclass(frozen=True)
class Bell:
    """When a period is held, in seconds since midnight; `place` is the period's."""

    place: int
    start: int
    end: int

    @property
    def minutes(self) -> int:
        """How long the period lasts."""
        return (self.end - self.start) // SECONDS_A_MINUTE


@dataclass(frozen=True)
class Period:
    """A period; the bridge's attendance stands for the day."""

    number: int
    name: str
    abbreviation: str
    is_bridge: bool


@dataclass(frozen=True)
class BellSchedule:
    """The times of one kind of day."""

    name: str
    bells: tuple[Bell, ...]


@dataclass(frozen=True)
class Schedule:
    """What a school's days look like, and in which modes it records attendance."""

    recorded_modes: frozenset[str]
    periods: tuple[Period, ...]
    bell_schedules: tuple[BellSchedule, ...]
    half_days: frozenset[str]
    letters: tuple[str, ...]
    interval_seconds: int | None
    att_mode_code: str  # of sections that name none

    @classmethod
    def from_seed(cls, seed: dict[str, Any]) -> Self:
        """Read a school's schedule; without keys it is one whole daily day."""
        mode = seed.get("attendance_mode", "daily")
        recorded = frozenset(seed.get("recorded_modes", [mode]))
        if unknown := {mode, *recorded} - {*MODES}:
            raise ValueError(f"attendance_mode is one of {MODES}, not {unknown}")
        periods = seed.get("periods", [WHOLE_DAY])
        numbers = [int(period["number"]) for period in periods]
        regular = list(_bells(periods, numbers))
        if "half_day_periods" in seed:
            half = list(_bells(seed["half_day_periods"], numbers))
        else:
            half = [_halved(bell, regular[0].start) for bell in regular]
        minutes = seed.get("interval_minutes")
        return cls(
            recorded_modes=recorded,
            periods=tuple(_periods(periods)),
            bell_schedules=(
                BellSchedule("Regular day", tuple(regular)),
                BellSchedule("Half day", tuple(half)),
            ),
            half_days=frozenset(seed.get("half_days", ())),
            letters=tuple(seed.get("cycle_days", ["A"])),
            interval_seconds=minutes and int(minutes) * SECONDS_A_MINUTE,
            att_mode_code="interval" if mode == "interval" else "meeting",
        )

    def bell_place(self, day: date) -> int:
        """Return which bell schedule a day in session has."""
        return HALF if day.isoformat() in self.half_days else REGULAR

    def has_half_days(self) -> bool:
        """Tell whether the second bell schedule is used at all."""
        return bool(self.half_days)


def seconds_of(clock: str) -> int:
    """Read `08:05`, as seconds since midnight."""
    hours, _, minutes = clock.partition(":")
    return (int(hours) * 60 + int(minutes)) * SECONDS_A_MINUTE


def _periods(seed: Sequence[dict[str, Any]]) -> Iterator[Period]:
    for place, period in enumerate(seed):
        number = int(period["number"])
        yield Period(
            number=number,
            name=period.get("name", f"Period {number}"),
            abbreviation=period.get("abbreviation", f"P{number}"),
            is_bridge=period.get("bridge", place == 0),
        )


def _bells(seed: Sequence[dict[str, Any]], numbers: list[int]) -> Iterator[Bell]:
    for period in seed:
        place = numbers.index(int(period["number"]))
        start, end = seconds_of(period["start"]), seconds_of(period["end"])
        if start >= end:
            raise ValueError(f"a period must end after it starts: {period}")
        yield Bell(place, start, end)


def _halved(bell: Bell, first: int) -> Bell:
    """Bring a bell twice as near to the first one, to the minute."""
    start, end = (
        first + (seconds - first) // 2 // SECONDS_A_MINUTE * SECONDS_A_MINUTE
        for seconds in (bell.start, bell.end)
    )
    return Bell(bell.place, start, end)
