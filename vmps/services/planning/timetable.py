"""A student's meetings of one day, and which of them a moment falls in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from vmps.words import say_time


@dataclass(frozen=True, slots=True)
class MeetingTime:
    """One scheduled meeting, in seconds since midnight of the school's clock."""

    slot: str
    starts: int
    ends: int
    name: str


def find_current(meetings: Sequence[MeetingTime], at: int) -> list[MeetingTime]:
    """Return the meetings under way, all of them where sections share a period.

    Between two, and before the first, the next ones; none after the last.
    """
    under_way = [m for m in meetings if m.starts <= at < m.ends]
    if under_way:
        return under_way
    later = [m for m in meetings if m.starts > at]
    nearest = min((m.starts for m in later), default=None)
    return [m for m in later if m.starts == nearest]


def is_before(meetings: Sequence[MeetingTime], at: int) -> bool:
    """Tell whether no meeting has begun yet."""
    return at < min(m.starts for m in meetings)


def is_after(meetings: Sequence[MeetingTime], at: int) -> bool:
    """Tell whether the last meeting is over."""
    return at >= max(m.ends for m in meetings)


def seconds_of(moment: datetime, day: date, zone: ZoneInfo) -> int:
    """Return a moment in seconds since the day's midnight, by the school's clock."""
    local = moment.astimezone(zone)
    days = (local.date() - day).days
    return days * 86400 + local.hour * 3600 + local.minute * 60 + local.second


def second_of_day(moment: datetime, zone: ZoneInfo) -> int:
    """Return a moment in seconds since midnight, by the school's clock."""
    return seconds_of(moment, moment.astimezone(zone).date(), zone)


def clock_text(seconds: int) -> str:
    """Return `8:05 AM`."""
    minutes = seconds // 60 % (24 * 60)
    return say_time(time(minutes // 60, minutes % 60))
