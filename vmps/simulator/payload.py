"""Payload of an attendance write: which fields each mode needs and takes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

from vmps.simulator.answers import Refusal, refusal
from vmps.simulator.attendance import DAILY, TIME
from vmps.simulator.school_years import parse_day
from vmps.simulator.sections import INTERVAL, MEETING

REQUIRED = (
    "studentid",
    "att_date",
    "schoolid",
    "yearid",
    "att_mode_code",
    "attendance_codeid",
)
REQUIRED_OF = {
    TIME: ("total_minutes",),
    MEETING: ("start_time", "end_time"),
    INTERVAL: ("att_interval",),
}
TEXTS = frozenset({"att_date", "att_mode_code", "att_comment"})
EVERY_MODE = TEXTS | {*REQUIRED, "calendar_dayid", "programid"}
MEETING_FIELDS = EVERY_MODE | {"ccid", "periodid", "start_time", "end_time"}
FIELDS = {
    DAILY: EVERY_MODE,
    TIME: EVERY_MODE | {"total_minutes", "dcid"},
    MEETING: MEETING_FIELDS,
    INTERVAL: MEETING_FIELDS | {"att_interval"},
}
# seconds since midnight: the only values that are no strings in PowerSchool's schema
INTEGERS = frozenset({"start_time", "end_time"})
DAY_MODES = frozenset({DAILY, TIME})
MEETING_MODES = frozenset({MEETING, INTERVAL})


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

    sent: dict[str, Any]

    @classmethod
    def read(cls, element: object, modes: frozenset[str]) -> Self:
        """Check the shape of one element of `record`, in one of the modes."""
        tables = element.get("tables") if isinstance(element, dict) else None
        sent = tables.get("attendance") if isinstance(tables, dict) else None
        if not isinstance(sent, dict):
            raise BadRecord([("attendance", "Required")])
        asked = sent.get("att_mode_code")
        mode = asked if isinstance(asked, str) and asked in modes else ""
        problems = [
            (name, "Required")
            for name in (*REQUIRED, *REQUIRED_OF.get(mode, ()))
            if not (value := sent.get(name)) and value != 0
        ]
        allowed = FIELDS.get(mode, EVERY_MODE)
        problems += [
            (name, code)
            for name, value in sent.items()
            if (code := _problem(name, value, modes, allowed))
        ]
        if problems:
            raise BadRecord(problems)
        return cls(sent)

    def number(self, name: str) -> int | None:
        """Return a numeric field, None when it was not sent."""
        value = self.sent.get(name)
        return None if value in (None, "") else int(value)

    @property
    def mode(self) -> str:
        """ATT_MODE_CODE."""
        return str(self.sent["att_mode_code"])

    @cached_property
    def day(self) -> date:
        """ATT_DATE."""
        return date.fromisoformat(self.sent["att_date"])

    @property
    def studentid(self) -> int:
        """STUDENTS.ID."""
        return int(self.sent["studentid"])

    @property
    def schoolid(self) -> int:
        """SCHOOLS.SCHOOL_NUMBER."""
        return int(self.sent["schoolid"])


def _problem(
    name: str, value: object, modes: frozenset[str], allowed: frozenset[str]
) -> str | None:
    """Say what is wrong with one field; an empty one is as good as not sent."""
    if name not in allowed:
        return "InvalidField"
    if name in INTEGERS:
        return None if type(value) is int and value >= 0 else "InvalidValue"
    if not isinstance(value, str):
        return "InvalidValue"
    return None if not value or _is_valid(name, value, modes) else "InvalidValue"


def _is_valid(name: str, value: str, modes: frozenset[str]) -> bool:
    if name == "att_mode_code":
        return value in modes
    if name == "att_date":
        return parse_day(value) is not None
    return name == "att_comment" or (value.isascii() and value.isdecimal())


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
