"""Payload of an attendance write: required fields, types and what they refer to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from vmps.simulator.answers import Refusal, refusal
from vmps.simulator.attendance import DAILY, TIME, Attendance
from vmps.simulator.columns import Row
from vmps.simulator.district import District
from vmps.simulator.school_years import parse_day, yearid_of

REQUIRED = (
    "studentid",
    "att_date",
    "schoolid",
    "yearid",
    "att_mode_code",
    "attendance_codeid",
)
NUMBERS = frozenset(
    [
        "studentid",
        "schoolid",
        "yearid",
        "attendance_codeid",
        "calendar_dayid",
        "programid",
    ]
)
TIME_NUMBERS = frozenset({"total_minutes", "dcid"})
TEXTS = frozenset({"att_date", "att_mode_code", "att_comment"})
MODES = frozenset({DAILY, TIME})


class BadRecord(Exception):
    """A record that cannot be written, with (field, code) of every problem."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = [(field.upper(), code) for field, code in problems]
        super().__init__(self.problems)

    def refusal(self) -> Refusal:
        """Build the 400 that lists the problems."""
        errors = [
            {"resource": "ATTENDANCE", "field": field, "code": code}
            for field, code in self.problems
        ]
        return refusal(400, "The attendance record is not valid", errors)


@dataclass(frozen=True)
class Record:
    """One well-formed record: fields present and typed, nothing looked up yet."""

    sent: dict[str, str]

    @classmethod
    def read(cls, element: object) -> Self:
        """Check the shape of one element of `record`."""
        tables = element.get("tables") if isinstance(element, dict) else None
        sent = tables.get("attendance") if isinstance(tables, dict) else None
        if not isinstance(sent, dict):
            raise BadRecord([("attendance", "Required")])
        problems = [(name, "Required") for name in REQUIRED if not sent.get(name)]
        problems += [
            (name, code)
            for name, value in sent.items()
            if (code := _problem(name, value, sent.get("att_mode_code")))
        ]
        if sent.get("att_mode_code") == TIME and not sent.get("total_minutes"):
            problems.append(("total_minutes", "Required"))
        if problems:
            raise BadRecord(problems)
        return cls(sent)

    def number(self, name: str) -> int | None:
        """Return a numeric field, None when it was not sent."""
        return int(self.sent[name]) if name in self.sent else None

    @property
    def studentid(self) -> int:
        """STUDENTS.ID."""
        return int(self.sent["studentid"])

    @property
    def schoolid(self) -> int:
        """SCHOOLS.SCHOOL_NUMBER."""
        return int(self.sent["schoolid"])


def _problem(name: str, value: object, mode: object) -> str | None:
    if name in TIME_NUMBERS and mode != TIME:
        return "InvalidField"
    if name not in NUMBERS | TIME_NUMBERS | TEXTS:
        return "InvalidField"
    if not isinstance(value, str):
        return "InvalidValue"  # every value is a string in PowerSchool's schema
    if not value or name == "att_comment":
        return None  # an empty required field was already found
    if name == "att_mode_code":
        return None if value in MODES else "InvalidValue"
    if name == "att_date":
        return None if parse_day(value) else "InvalidValue"
    return None if value.isascii() and value.isdecimal() else "InvalidValue"


def read_elements(body: bytes, largest: int) -> list[Any]:
    """Return the elements of `record`, between one and the endpoint's maximum."""
    try:
        sent = json.loads(body)
    except ValueError:
        raise refusal(400, "The request body is not valid JSON") from None
    elements = sent.get("record") if isinstance(sent, dict) else None
    if not isinstance(elements, list) or not 1 <= len(elements) <= largest:
        message = f"Expected between 1 and {largest} records"
        error = {"resource": "ATTENDANCE", "field": "RECORD", "code": "InvalidValue"}
        raise refusal(400, message, [error])
    return elements


def check_references(
    record: Record, district: District, attendance: Attendance
) -> None:
    """Check that student, school, year, code and day belong together."""
    problems = [*_student_and_day(record, district), *_code_and_year(record, district)]
    dcid = record.number("dcid")
    if dcid is not None and not _is_row_of(record, attendance.rows.get(dcid)):
        problems.append(("dcid", "NotFound"))
    if problems:
        raise BadRecord(problems)


def _student_and_day(record: Record, district: District) -> Iterable[tuple[str, str]]:
    day = parse_day(record.sent["att_date"])
    student = district.students.get(record.studentid)
    school = district.schools.get(record.schoolid)
    if school is None:
        yield "schoolid", "NotFound"
    if student is None:
        yield "studentid", "NotFound"
    if school is None or day is None:
        return
    if not school.is_in_session(day):
        yield "att_date", "NotInSession"
    if student is not None and not district.is_enrolled(student, school.number, day):
        yield "studentid", "NotEnrolled"
    if record.number("calendar_dayid") not in (None, school.calendar_day_id(day)):
        yield "calendar_dayid", "InvalidValue"


def _code_and_year(record: Record, district: District) -> Iterable[tuple[str, str]]:
    day = parse_day(record.sent["att_date"])
    yearid = record.number("yearid")
    if day is None or yearid_of(day) != yearid:
        yield "yearid", "InvalidValue"
    code = district.codes.get(record.number("attendance_codeid") or 0)
    if code is None:
        yield "attendance_codeid", "NotFound"
    elif (code["schoolid"], code["yearid"]) != (record.schoolid, yearid):
        yield "attendance_codeid", "WrongSchoolOrYear"


def _is_row_of(record: Record, row: Row | None) -> bool:
    """Tell whether a row is the one that this record says it updates."""
    if row is None:
        return False
    same = ("studentid", "schoolid", "att_date", "att_mode_code")
    return all(str(row[name]) == record.sent[name] for name in same)
