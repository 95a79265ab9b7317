"""What a school sets for a year: its preferences."""

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import Row, optional_integer, text
from vmps.powerschool.fiql import starting_with
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import Preference

PREFERENCE_COLUMNS = ("name", "value", "schoolid", "yearid")


def read_preferences(
    calls: Calls, school_number: int, year_id: int, prefix: str, deadline: Deadline
) -> list[Preference]:
    """A school's preferences of a year whose names start so."""

    def page(number: int) -> list[Row]:
        return calls.table(
            "prefs",
            PREFERENCE_COLUMNS,
            [
                ("schoolid", "==", school_number),
                ("yearid", "==", year_id),
                starting_with("name", prefix),
            ],
            deadline,
            page=number,
        )

    return [_preference_of(row) for row in all_pages(page, PAGE_SIZE)]


def _preference_of(row: Row) -> Preference:
    return Preference(
        name=text(row, "name") or "",
        value=text(row, "value") or "",
        school_number=optional_integer(row, "schoolid"),
        year_id=optional_integer(row, "yearid"),
    )
