"""What a school sets for a year: its terms and its preferences."""

from collections.abc import Iterable

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import Row, day, flag, integer, optional_integer, text
from vmps.powerschool.fiql import starting_with
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import Preference, Term

TERM_COLUMNS = ("yearid", "schoolid", "firstday", "lastday", "isyearrec")
PREFERENCE_COLUMNS = ("name", "value", "schoolid", "yearid")


def read_terms(
    calls: Calls, school_number: int, year_id: int | None, deadline: Deadline
) -> list[Term]:
    """A school's terms in order, a year before its parts."""

    def page(number: int) -> list[Row]:
        return calls.table(
            "terms",
            TERM_COLUMNS,
            [("schoolid", "==", school_number), ("yearid", "==", year_id)],
            deadline,
            page=number,
        )

    return terms_of(all_pages(page, PAGE_SIZE))


def terms_of(rows: Iterable[Row]) -> list[Term]:
    """The terms that have dates: PowerSchool keeps rows without."""
    terms = []
    for row in rows:
        first_day, last_day = day(row, "firstday"), day(row, "lastday")
        if first_day is None or last_day is None:
            continue
        term = Term(
            year_id=integer(row, "yearid"),
            school_number=integer(row, "schoolid"),
            first_day=first_day,
            last_day=last_day,
            is_year=flag(row, "isyearrec"),
        )
        terms.append(term)
    return sorted(terms, key=lambda term: (term.first_day, not term.is_year))


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
