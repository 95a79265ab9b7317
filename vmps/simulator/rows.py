"""Where each table's rows come from: an index where a clause allows it."""

from collections.abc import Iterable, Sequence
from datetime import date

from vmps.simulator.attendance import Attendance
from vmps.simulator.columns import ATTENDANCE, Row, Table, Value
from vmps.simulator.criteria import Clause, equalities
from vmps.simulator.district import District
from vmps.simulator.school_years import FIRST_DAY, LAST_DAY, days_between, parse_day
from vmps.simulator.yearly_rows import SOURCES as YEARLY_SOURCES


def find_rows(
    table: Table, clauses: Sequence[Clause], district: District, attendance: Attendance
) -> Sequence[Row]:
    """Return the rows that satisfy every clause, in primary key order."""
    if table is ATTENDANCE:
        rows, settled = attendance.find(equalities(clauses))
        left = [
            clause
            for clause in clauses
            if not (clause.is_equality and clause.column.key in settled)
        ]
    else:
        source = SOURCES[table.key]
        rows, left = list(source(district, clauses)), list(clauses)
    if not left:
        return rows
    return [row for row in rows if all(clause.matches(row) for clause in left)]


def _students(district: District, clauses: Sequence[Clause]) -> Iterable[Row]:
    equal = equalities(clauses)
    indexes: tuple[tuple[str, dict[int, Row]], ...] = (
        ("dcid", district.students_by_dcid),
        ("id", district.students),
        ("student_number", district.students_by_number),
    )
    for column, index in indexes:
        if isinstance(key := equal.get(column), int):
            return [index[key]] if key in index else []
    if isinstance(schoolid := equal.get("schoolid"), int):
        return district.students_of.get(schoolid, [])
    return district.students_by_dcid.values()


def _codes(district: District, clauses: Sequence[Clause]) -> Iterable[Row]:
    equal = equalities(clauses)
    schoolid, yearid = equal.get("schoolid"), equal.get("yearid")
    if isinstance(code_id := equal.get("id"), int):
        return [district.codes[code_id]] if code_id in district.codes else []
    if isinstance(schoolid, int) and isinstance(yearid, int):
        return district.codes_of.get((schoolid, yearid), [])
    return sorted(district.codes.values(), key=_dcid)


def _calendar_days(district: District, clauses: Sequence[Clause]) -> Iterable[Row]:
    equal: dict[str, Value] = equalities(clauses)
    first, last = _asked_days(clauses)
    asked_id = equal.get("id", equal.get("dcid"))
    if isinstance(asked_id, int):
        found = [
            (school, school.day_of(asked_id)) for school in district.schools.values()
        ]
        yield from (school.calendar_row(day) for school, day in found if day)
        return
    for number, school in district.schools.items():
        if equal.get("schoolid", number) == number:
            yield from map(school.calendar_row, days_between(first, last))


def _asked_days(clauses: Sequence[Clause]) -> tuple[date, date]:
    first, last = FIRST_DAY, LAST_DAY
    for clause in clauses:
        day = parse_day(str(clause.value))
        if clause.column.key != "date_value" or day is None:
            continue
        if clause.comparison in ("==", "=gt=", "=ge="):
            first = max(first, day)
        if clause.comparison in ("==", "=lt=", "=le="):
            last = min(last, day)
    return first, last


def _schools(district: District, clauses: Sequence[Clause]) -> Iterable[Row]:
    return (school.row() for school in district.schools.values())


def _terms(district: District, clauses: Sequence[Clause]) -> Iterable[Row]:
    return sorted(district.terms, key=_dcid)


def _preferences(district: District, clauses: Sequence[Clause]) -> Iterable[Row]:
    return district.preferences


def _dcid(row: Row) -> int:
    return int(row["dcid"] or 0)


SOURCES = {
    "attendance_code": _codes,
    "calendar_day": _calendar_days,
    "prefs": _preferences,
    "schools": _schools,
    "students": _students,
    "terms": _terms,
    **YEARLY_SOURCES,
}
