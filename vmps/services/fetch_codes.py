"""Fetching a school's attendance codes of one school year; outside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vmps.models import School
from vmps.powerschool import AttendanceCode, Deadline, PowerSchool, year_id_of
from vmps.services.problems import Problem
from vmps.services.school_years import day_within, name_year


@dataclass(frozen=True, slots=True)
class FetchedCodes:
    """The codes of one school year."""

    year_id: int
    codes: Sequence[AttendanceCode]


def fetch_codes(
    client: PowerSchool, school: School, day: date, *, deadline: Deadline
) -> FetchedCodes:
    """Return the codes of the school year of `day`; the client's errors are raised.

    Between terms no code is valid on the day itself: then its year is asked for.
    """
    number, year_id = int(school.number), year_id_of(day)
    found = client.attendance_codes(number, day, deadline=deadline)
    if not any(code.code for code in found):
        within = day_within(year_id)
        found = client.attendance_codes(number, within, deadline=deadline)
    if not any(code.code for code in found):
        raise Problem(
            f"PowerSchool has no attendance codes for school {school.number} in"
            f" {name_year(year_id)}.",
            details=["Check the school's number, and its codes in PowerSchool."],
        )
    year_id = found[0].year_id
    codes = [code for code in found if code.year_id == year_id]
    return FetchedCodes(year_id, sorted(codes, key=_place))


def _place(code: AttendanceCode) -> tuple[str, str]:
    return code.code.casefold(), code.code
