"""Looking up what holds on a date for all schools of a district, in a few calls."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from vmps.powerschool.bells import Bells
from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import Row, integer, text
from vmps.powerschool.fiql import Condition
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import AttendanceCode, CalendarDay
from vmps.powerschool.rows import (
    CALENDAR_COLUMNS,
    CODE_COLUMNS,
    SCHEDULE_COLUMNS,
    calendar_day_of,
    code_of,
)

SCHOOL_COLUMN = "schoolid"
Read = Callable[[str, Iterable[str], list[Condition]], list[Row]]


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A school's codes in the school year of a date, and the date in its calendar."""

    codes: list[AttendanceCode]
    calendar: CalendarDay | None


class DistrictFacts:
    """The part of the client that asks for all schools at once."""

    _calls: Calls
    _bells: Bells

    def school_days(
        self,
        on: date,
        *,
        deadline: Deadline,
        most_pages: int,
        with_schedule: bool = False,
    ) -> dict[int, SchoolDay]:
        """The date at each school that has one school year on it, by school number.

        Three calls where a page holds each table's rows; TooManyPages where more than
        `most_pages` would be needed for one. What `with_schedule` brings, where it may
        be read, is kept for `bell_times`.
        """

        def read(
            table: str, columns: Iterable[str], conditions: list[Condition]
        ) -> list[Row]:
            rows = all_pages(
                lambda page: self._calls.table(
                    table, (SCHOOL_COLUMN, *columns), conditions, deadline, page=page
                ),
                PAGE_SIZE,
                most_pages,
            )
            return [row for row in rows if text(row, SCHOOL_COLUMN)]

        years = _years_on(on, read)
        codes = _codes_of(years, read)
        days = (
            self._with_schedules(years, on, read)
            if with_schedule
            else _calendar_of(on, read)
        )
        return {number: SchoolDay(codes[number], days.get(number)) for number in years}

    def _with_schedules(
        self, school_numbers: Iterable[int], on: date, read: Read
    ) -> dict[int, CalendarDay]:
        read_days = partial(_calendar_of, on, read)

        def read_and_note() -> dict[int, CalendarDay]:
            days = read_days(with_schedule=True)
            for number in school_numbers:
                self._bells.note_day(number, on, days.get(number))
            return days

        return self._bells.or_without(read_and_note, read_days)

    def knows_schedule(self, school_number: int, on: date) -> bool:
        """Whether a school's day was read `with_schedule` lately, or is refused so."""
        return self._bells.are_refused or self._bells.knows_day(school_number, on)

    def read_bells_ahead(
        self,
        school_numbers: Collection[int],
        on: date,
        *,
        deadline: Deadline,
        most_pages: int,
    ) -> None:
        """Read bell times, without names, for many schools: `bell_times` has them then.

        But for schools whose bells are not to be had together, or are refused.
        """
        read = partial(
            self._bells.read_ahead, school_numbers, on, deadline, most_pages=most_pages
        )
        self._bells.or_without(read, lambda: None)


def _years_on(on: date, read: Read) -> dict[int, int]:
    """The school year that a date is in, by school; none of a school that has two.

    TERMS knows it, as PowerSchool's own query of codes does: years turn in summer, but
    no two schools need to do so on the same day.
    """
    conditions: list[Condition] = [
        ("isyearrec", "==", 1),
        ("firstday", "=le=", on),
        ("lastday", "=ge=", on),
    ]
    found: dict[int, set[int]] = defaultdict(set)
    for row in read("terms", ("yearid",), conditions):
        found[integer(row, SCHOOL_COLUMN)].add(integer(row, "yearid"))
    return {number: years.pop() for number, years in found.items() if len(years) == 1}


def _codes_of(years: Mapping[int, int], read: Read) -> dict[int, list[AttendanceCode]]:
    """The codes of each school's own year."""
    found: dict[int, list[AttendanceCode]] = defaultdict(list)
    for year_id in sorted(set(years.values())):
        for row in read("attendance_code", CODE_COLUMNS, [("yearid", "==", year_id)]):
            number = integer(row, SCHOOL_COLUMN)
            if years.get(number) == year_id:
                found[number].append(code_of(row))
    return found


def _calendar_of(
    on: date, read: Read, *, with_schedule: bool = False
) -> dict[int, CalendarDay]:
    columns = CALENDAR_COLUMNS + (SCHEDULE_COLUMNS if with_schedule else ())
    found: dict[int, CalendarDay] = {}
    for row in read("calendar_day", columns, [("date_value", "==", on)]):
        found.setdefault(integer(row, SCHOOL_COLUMN), calendar_day_of(row))
    return found
