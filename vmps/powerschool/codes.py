"""Attendance codes of a school and year: by PowerQuery, by table where that fails."""

from dataclasses import replace
from datetime import date

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import FieldsNotGranted, NotFound
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import AttendanceCode
from vmps.powerschool.rows import CODE_COLUMNS, code_of

QUERY = "com.pearson.core.attendance.attendance_code_by_school_date"


def read_attendance_codes(
    calls: Calls, school_number: int, on: date, deadline: Deadline
) -> list[AttendanceCode]:
    """The codes valid on a date, with their presence where the plugin may read it."""
    found = _read(calls, school_number, on, deadline)
    years = {code.year_id for code in found}
    if len(years) > 1:  # at the turn of years: ids of two must not mix
        year_id = year_id_of(on) if year_id_of(on) in years else max(years)
        found = [code for code in found if code.year_id == year_id]
    return list({code.id: code for code in found}.values())


def _read(
    calls: Calls, school_number: int, on: date, deadline: Deadline
) -> list[AttendanceCode]:
    arguments = {"schoolid": str(school_number), "att_date": on.isoformat()}
    try:
        codes = [code_of(row) for row in calls.query(QUERY, arguments, deadline)]
    except (NotFound, FieldsNotGranted):
        return _from_table(calls, school_number, year_id_of(on), deadline)
    if not codes or any(code.presence is not None for code in codes):
        return codes
    return _with_presence(calls, codes, school_number, deadline)


def year_id_of(on: date) -> int:
    """PowerSchool's number of a school year, which turns over on 1 July."""
    return (on.year if on.month >= 7 else on.year - 1) - 1990


def _with_presence(
    calls: Calls, codes: list[AttendanceCode], school_number: int, deadline: Deadline
) -> list[AttendanceCode]:
    try:
        table = _from_table(calls, school_number, codes[0].year_id, deadline)
    except (NotFound, FieldsNotGranted):
        return codes  # useful without it
    known = {code.id: code for code in table}
    return [_completed(code, known.get(code.id)) for code in codes]


def _completed(code: AttendanceCode, known: AttendanceCode | None) -> AttendanceCode:
    if known is None:
        return code
    description = code.description or known.description
    return replace(code, presence=known.presence, description=description)


def _from_table(
    calls: Calls, school_number: int, year_id: int, deadline: Deadline
) -> list[AttendanceCode]:
    def page(number: int) -> list[AttendanceCode]:
        rows = calls.table(
            "attendance_code",
            CODE_COLUMNS,
            [("schoolid", "==", school_number), ("yearid", "==", year_id)],
            deadline,
            page=number,
        )
        return [code_of(row) for row in rows]

    return all_pages(page, PAGE_SIZE)
