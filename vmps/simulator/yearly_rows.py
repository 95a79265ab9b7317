"""Rows of the tables that every school year has anew: schedules and enrolments."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vmps.simulator.columns import Kind, Row
from vmps.simulator.criteria import Clause, equalities
from vmps.simulator.district import District
from vmps.simulator.school_years import (
    FIRST_YEARID,
    LAST_YEARID,
    parse_day,
    yearid_of,
)
from vmps.simulator.schools import School
from vmps.simulator.sections import ENROLMENTS_A_YEAR, SECTIONS_A_YEAR, Enrolment

# DCID is another sequence than ID: each row's DCID is the ID of the next one
DCID_AHEAD = 1
TERMS_A_YEAR = 100


@dataclass(frozen=True)
class YearlyTable:
    """How a table's rows are made for one school and year."""

    make: Callable[[District, School, int], Iterable[Row]]
    years: Mapping[str, int]  # columns that tell the year, divided by a number

    def rows(self, district: District, clauses: Sequence[Clause]) -> Iterator[Row]:
        """Yield rows by DCID, of no more schools and years than are asked for."""
        asked = equalities(clauses).get("schoolid")
        for yearid in asked_years(clauses, self.years):
            for number, school in district.schools.items():
                if asked in (None, number):
                    yield from self.make(district, school, yearid)


def asked_years(clauses: Sequence[Clause], columns: Mapping[str, int]) -> range:
    """Return the years that clauses leave."""
    first, last = FIRST_YEARID, LAST_YEARID
    for clause in clauses:
        bounds = _years_of(clause, columns)
        first, last = max(first, bounds[0]), min(last, bounds[1])
    return range(first, last + 1)


def _years_of(clause: Clause, columns: Mapping[str, int]) -> tuple[int, int]:
    """Return the first and last year that one clause leaves."""
    name, value = clause.column.key, clause.value
    if clause.is_equality and name in columns and isinstance(value, int):
        return abs(value) // columns[name], abs(value) // columns[name]
    day = parse_day(str(value)) if clause.column.kind is Kind.DATE else None
    if day is not None and clause.comparison in ("=le=", "=lt=", "=="):
        # both dates of an enrolment are after the first of July
        return FIRST_YEARID, yearid_of(day)
    if day is not None:
        # the day after the last one may be in the next year already
        return yearid_of(day - timedelta(days=1)), LAST_YEARID
    return FIRST_YEARID, LAST_YEARID


def _bell_schedules(district: District, school: School, yearid: int) -> Iterator[Row]:
    used = school.schedule.bell_schedules
    for place, bell_schedule in enumerate(used[: 1 + school.schedule.has_half_days()]):
        row_id = school.bell_schedule_id(yearid, place)
        yield {
            "dcid": row_id + DCID_AHEAD,
            "id": row_id,
            "name": bell_schedule.name,
            "schoolid": school.number,
            "year_id": yearid,
        }


def _bell_schedule_items(
    district: District, school: School, yearid: int
) -> Iterator[Row]:
    for row in _bell_schedules(district, school, yearid):
        bell_schedule_id = int(row["id"] or 0)
        place = bell_schedule_id - school.bell_schedule_id(yearid, 0)
        for bell in school.schedule.bell_schedules[place].bells:
            item_id = bell_schedule_id * 100 + bell.place
            yield {
                "dcid": item_id + DCID_AHEAD,
                "id": item_id,
                "bell_schedule_id": bell_schedule_id,
                "period_id": school.period_id(yearid, bell.place),
                "start_time": bell.start,
                "end_time": bell.end,
                "minutes_attended": bell.minutes,
                "daily_attendance_code": int(
                    school.schedule.periods[bell.place].is_bridge
                ),
            }


def _periods(district: District, school: School, yearid: int) -> Iterator[Row]:
    for place, period in enumerate(school.schedule.periods):
        row_id = school.period_id(yearid, place)
        yield {
            "dcid": row_id + DCID_AHEAD,
            "id": row_id,
            "schoolid": school.number,
            "year_id": yearid,
            "period_number": period.number,
            "name": period.name,
            "abbreviation": period.abbreviation,
            "sort_order": place + 1,
        }


def _cycle_days(district: District, school: School, yearid: int) -> Iterator[Row]:
    for place, letter in enumerate(school.schedule.letters):
        row_id = school.cycle_day_id(yearid, place)
        yield {
            "dcid": row_id + DCID_AHEAD,
            "id": row_id,
            "schoolid": school.number,
            "year_id": yearid,
            "letter": letter,
            "day_number": place + 1,
            "abbreviation": letter,
            "day_name": f"Day {letter}",
            "sortorder": place + 1,
        }


def _sections(district: District, school: School, yearid: int) -> Iterator[Row]:
    for section in district.classes.sections_of.get(school.number, ()):
        row_id = section.id_of(yearid)
        yield {
            "dcid": row_id + DCID_AHEAD,
            "id": row_id,
            "schoolid": school.number,
            "termid": yearid * TERMS_A_YEAR,
            "course_number": section.course_number,
            "section_number": str(section.number),
            "expression": section.expression,
            "att_mode_code": section.att_mode_code,
            "attendance_type_code": section.attendance_type_code,
        }


def _section_meetings(district: District, school: School, yearid: int) -> Iterator[Row]:
    for section in district.classes.sections_of.get(school.number, ()):
        for place, (number, letter) in enumerate(section.meets):
            yield {
                "dcid": section.id_of(yearid) * 100 + place,
                "schoolid": school.number,
                "year_id": yearid,
                "sectionid": section.id_of(yearid),
                "period_number": number,
                "cycle_day_letter": letter,
            }


def _enrolments(district: District, school: School, yearid: int) -> Iterator[Row]:
    for section in district.classes.sections_of.get(school.number, ()):
        for enrolment in district.classes.enrolments_in.get(section.number, ()):
            if enrolment.exists_in(yearid):
                yield _enrolment_row(enrolment, yearid)


def _enrolment_row(enrolment: Enrolment, yearid: int) -> Row:
    row_id, section = enrolment.id_of(yearid), enrolment.section
    termid = yearid * TERMS_A_YEAR
    return {
        "dcid": row_id + DCID_AHEAD,
        "id": row_id,
        "studentid": enrolment.studentid,
        "sectionid": enrolment.sectionid(yearid),
        "termid": -termid if enrolment.is_dropped else termid,
        "schoolid": section.schoolid,
        "dateenrolled": enrolment.first_day(yearid).isoformat(),
        "dateleft": enrolment.day_after(yearid).isoformat(),
        "expression": section.expression,
        "course_number": section.course_number,
    }


def _all_enrolments(district: District, clauses: Sequence[Clause]) -> Iterable[Row]:
    """Find rows of CC: there are many, so by student, id and section at once."""
    equal, classes = equalities(clauses), district.classes
    if isinstance(ccid := equal.get("id"), int):
        found = classes.enrolment(ccid)
        return [] if found is None else [_enrolment_row(*found)]
    if isinstance(studentid := equal.get("studentid"), int):
        asked: Iterable[Enrolment] = classes.enrolments_of.get(studentid, ())
    elif isinstance(sectionid := equal.get("sectionid"), int):
        section = classes.section(abs(sectionid))
        asked = classes.enrolments_in.get(section.number, ()) if section else ()
    elif bounds := [clause for clause in clauses if clause.column.key == "studentid"]:
        students = {
            studentid
            for studentid in classes.enrolments_of
            if all(clause.matches({"studentid": studentid}) for clause in bounds)
        }
        asked = [e for e in classes.enrolments if e.studentid in students]
    else:
        return ENROLMENTS.rows(district, clauses)
    return [
        _enrolment_row(enrolment, yearid)
        for yearid in asked_years(clauses, ENROLMENTS.years)
        for enrolment in asked
        if enrolment.exists_in(yearid)
    ]


ENROLMENTS = YearlyTable(
    _enrolments,
    {
        "id": ENROLMENTS_A_YEAR,
        "dcid": ENROLMENTS_A_YEAR,
        "sectionid": SECTIONS_A_YEAR,
        "termid": TERMS_A_YEAR,
    },
)
TABLES: dict[str, YearlyTable] = {
    "bell_schedule": YearlyTable(
        _bell_schedules, {"year_id": 1, "id": 10_000, "dcid": 10_000}
    ),
    "bell_schedule_items": YearlyTable(
        _bell_schedule_items,
        {
            "bell_schedule_id": 10_000,
            "period_id": 100_000,
            "id": 1_000_000,
            "dcid": 1_000_000,
        },
    ),
    "cycle_day": YearlyTable(_cycle_days, {"year_id": 1, "id": 10_000, "dcid": 10_000}),
    "period": YearlyTable(_periods, {"year_id": 1, "id": 100_000, "dcid": 100_000}),
    "section_meeting": YearlyTable(
        _section_meetings,
        {"year_id": 1, "sectionid": SECTIONS_A_YEAR, "dcid": SECTIONS_A_YEAR * 100},
    ),
    "sections": YearlyTable(
        _sections,
        {"id": SECTIONS_A_YEAR, "dcid": SECTIONS_A_YEAR, "termid": TERMS_A_YEAR},
    ),
}
SOURCES = {
    "cc": _all_enrolments,
    **{name: table.rows for name, table in TABLES.items()},
}
