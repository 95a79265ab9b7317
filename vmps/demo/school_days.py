"""The school days before today that the demo has a past for, and a day's hours."""

from __future__ import annotations

from datetime import date, time, timedelta

COUNT = 20
FRIDAY, SATURDAY = 4, 5

#: When students come late, and when they leave before every school's last bell.
LATE_HOURS = time(8), time(10, 30)
EARLY_HOURS = time(12), time(14, 25)


def school_days_before(today: date, count: int = COUNT) -> list[date]:
    """Return the last weekdays before today, the oldest first."""
    days: list[date] = []
    day = today
    while len(days) < count:
        day -= timedelta(days=1)
        if day.weekday() < SATURDAY:
            days.append(day)
    return days[::-1]


def closed_day(days: list[date]) -> date:
    """Return a day on which one school had no school: a Wednesday, some weeks ago."""
    return [day for day in days if day.weekday() == 2][-3]


def outage_day(days: list[date]) -> date:
    """Return a Friday on which PowerSchool went away for a weekend."""
    return [day for day in days[:-5] if day.weekday() == FRIDAY][-1]
