"""School years: which one it is at a school, what people call it, when it ends."""

# PowerSchool's number of a year is its start year minus 1990. TERMS has each school's
# first and last day; a year of codes belongs to the number, which turns on 1 July.

from __future__ import annotations

from datetime import date, datetime, timedelta

from vmps.models import School
from vmps.powerschool import year_id_of
from vmps.services.schools import today_at

#: So long before the year's end people are told to prepare the next one.
NOTICE = timedelta(days=30)


def year_at(school: School, now: datetime) -> int:
    """Return the school's year at this moment, by its own wall clock."""
    return year_id_of(today_at(school, now))


def name_year(year_id: int) -> str:
    """Return `2026-27`."""
    start = 1990 + year_id
    return f"{start}-{(start + 1) % 100:02d}"


def first_day(year_id: int) -> date:
    """Return the first of July on which the year's number begins."""
    return date(1990 + year_id, 7, 1)


def last_day(year_id: int) -> date:
    """Return the thirtieth of June on which it ends."""
    return date(1991 + year_id, 6, 30)


def day_within(year_id: int) -> date:
    """Return a day on which every school is in session, whenever its terms begin."""
    return date(1990 + year_id, 10, 1)


def is_ending(school: School, now: datetime) -> bool:
    """Tell whether the school's year ends within the notice."""
    today = today_at(school, now)
    return last_day(year_id_of(today)) - today < NOTICE
