"""School years and days: date arithmetic only, nothing here knows a district."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

FIRST_YEARID = 25  # 2015-16
LAST_YEARID = 54  # 2044-45
YEARIDS = range(FIRST_YEARID, LAST_YEARID + 1)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def yearid_of(day: date) -> int:
    """Return PowerSchool's YearID: the school year's start year minus 1990."""
    start_year = day.year if day.month >= 7 else day.year - 1
    return start_year - 1990


def first_day(yearid: int) -> date:
    """Return the first day of a school year, the first of July."""
    return date(1990 + yearid, 7, 1)


def last_day(yearid: int) -> date:
    """Return the last day of a school year, the thirtieth of June."""
    return date(1991 + yearid, 6, 30)


FIRST_DAY = first_day(FIRST_YEARID)
LAST_DAY = last_day(LAST_YEARID)


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date | None:
    """Read a `YYYY-MM-DD` date; None when it is not one."""
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
