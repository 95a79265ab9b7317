"""Sections of a school and who is in them: the parts of a timetable but the bells."""

from dataclasses import dataclass
from datetime import date

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import RECORD_ID, Row, integer, optional_integer, text
from vmps.powerschool.errors import MalformedAnswer
from vmps.powerschool.fiql import PLAIN_VALUE, Condition
from vmps.powerschool.keeping import Keeper
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import AttendanceMode
from vmps.powerschool.rows import MODE_CODES
from vmps.powerschool.school_years import read_preferences

INTERVAL_PREFERENCE = "ATT_IntervalDuration"  # in minutes


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A student in a section: a row of CC."""

    cc_id: int
    section_id: int


class Sections:
    """Reads what is the same for a school once an hour, pages one by one.

    So a slow PowerSchool gets further with every try, however short its deadline.
    """

    def __init__(self, calls: Calls, keeper: Keeper) -> None:
        self._calls = calls
        self._keeper = keeper

    def letter(self, cycle_day_id: int, deadline: Deadline) -> str | None:
        """The letter of a cycle day, as section meetings name it."""

        def read() -> str | None:
            conditions: list[Condition] = [("id", "==", cycle_day_id)]
            rows = self._calls.table("cycle_day", ("letter",), conditions, deadline)
            letter = (text(rows[0], "letter") or "").strip() if rows else ""
            if letter and not PLAIN_VALUE.fullmatch(letter):
                raise MalformedAnswer("The cycle day's letter is none.", status=200)
            return letter or None

        return self._keeper.get(("cycle_day", cycle_day_id), read, deadline)

    def periods(
        self, school_number: int, year_id: int, letter: str, deadline: Deadline
    ) -> dict[int, set[int]]:
        """The numbers of the periods in which each section meets on such a day."""
        rows = self._all(
            "section_meeting",
            ("sectionid", "period_number"),
            (
                ("schoolid", "==", school_number),
                ("year_id", "==", year_id),
                ("cycle_day_letter", "==", letter),
            ),
            deadline,
        )
        found: dict[int, set[int]] = {}
        for row in rows:
            numbers = found.setdefault(integer(row, "sectionid"), set())
            numbers.add(integer(row, "period_number"))
        return found

    def with_intervals(
        self, school_number: int, year_id: int, deadline: Deadline
    ) -> set[int]:
        """The sections that take attendance by interval: usually none."""
        rows = self._all(
            "sections",
            ("id",),
            (
                ("schoolid", "==", school_number),
                ("att_mode_code", "==", MODE_CODES[AttendanceMode.INTERVAL]),
                ("termid", "=ge=", year_id * 100),
                ("termid", "=le=", year_id * 100 + 99),
            ),
            deadline,
        )
        return {integer(row, "id", RECORD_ID) for row in rows}

    def interval_seconds(
        self, school_number: int, year_id: int, deadline: Deadline
    ) -> int | None:
        """How long the school's intervals last, None where it does not say."""
        found = self._keeper.get(
            ("interval_seconds", school_number, year_id),
            lambda: read_preferences(
                self._calls, school_number, year_id, INTERVAL_PREFERENCE, deadline
            ),
            deadline,
        )
        own = [one for one in found if one.name.lower() == INTERVAL_PREFERENCE.lower()]
        minutes = [one.value.strip() for one in own]
        lengths = [int(m) * 60 for m in minutes if m.isascii() and m.isdecimal()]
        return next((length for length in lengths if length), None)

    def enrolments(
        self, student_id: int, on: date, deadline: Deadline
    ) -> list[Enrolment]:
        """A student's sections on a date; a negative section is a dropped one."""

        def page(number: int) -> list[Row]:
            return self._calls.table(
                "cc",
                ("id", "sectionid"),
                [
                    ("studentid", "==", student_id),
                    ("sectionid", "=gt=", 0),
                    ("dateenrolled", "=le=", on),
                    ("dateleft", "=gt=", on),
                ],
                deadline,
                page=number,
            )

        return [
            Enrolment(
                integer(row, "id", RECORD_ID), optional_integer(row, "sectionid") or 0
            )
            for row in all_pages(page, PAGE_SIZE)
        ]

    def _all(
        self,
        table: str,
        columns: tuple[str, ...],
        conditions: tuple[Condition, ...],
        deadline: Deadline,
    ) -> list[Row]:
        def page(number: int) -> list[Row]:
            return self._keeper.get(
                (table, conditions, number),
                lambda: self._calls.table(
                    table, columns, conditions, deadline, page=number
                ),
                deadline,
            )

        return all_pages(page, PAGE_SIZE)
