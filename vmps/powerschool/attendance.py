"""Reading ATTENDANCE, with the comment where the plugin may see it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import FieldsNotGranted
from vmps.powerschool.fiql import Condition, between
from vmps.powerschool.records import AttendanceMode, AttendanceRow
from vmps.powerschool.rows import (
    COMMENT_COLUMN,
    MODE_CODES,
    attendance_columns,
    attendance_of,
)

COMMENT_REFUSAL_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class AttendanceFilter:
    """Which rows to read: of all modes, or schools, without one; bounds are inclusive.

    PowerSchool's filters know no "or": who wants meetings and intervals together asks
    for all modes and leaves out the others.
    """

    school_number: int | None
    on: date
    mode: AttendanceMode | None
    student_ids: tuple[int, int] | None = None
    dcids: tuple[int, int] | None = None

    def columns(self, *, has_comment: bool) -> tuple[str, ...]:
        """The mode's, and the school where it is not known."""
        columns = attendance_columns(self.mode, has_comment=has_comment)
        return columns if self.school_number is not None else (*columns, "schoolid")

    def conditions(self) -> Sequence[Condition]:
        return (
            ("schoolid", "==", self.school_number),
            ("att_date", "==", self.on),
            ("att_mode_code", "==", MODE_CODES[self.mode] if self.mode else None),
            *between("studentid", self.student_ids),
            *between("dcid", self.dcids),
        )


class AttendanceReader:
    """Reads pages, and remembers for a while that the comment was refused."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._comment_refused_until = 0.0

    @property
    def reads_comments(self) -> bool:
        """Tell whether the comment was not refused lately."""
        return time.monotonic() >= self._comment_refused_until

    def page(
        self, wanted: AttendanceFilter, page: int, page_size: int, deadline: Deadline
    ) -> list[AttendanceRow]:
        if self.reads_comments:
            try:
                return self._read(wanted, page, page_size, deadline, has_comment=True)
            except FieldsNotGranted as error:
                if {field.field.lower() for field in error.fields} != {COMMENT_COLUMN}:
                    raise
            # Not for ever: an admin may grant the field at any time.
            self._comment_refused_until = time.monotonic() + COMMENT_REFUSAL_SECONDS
        return self._read(wanted, page, page_size, deadline, has_comment=False)

    def _read(
        self,
        wanted: AttendanceFilter,
        page: int,
        page_size: int,
        deadline: Deadline,
        *,
        has_comment: bool,
    ) -> list[AttendanceRow]:
        rows = self._calls.table(
            "attendance",
            wanted.columns(has_comment=has_comment),
            wanted.conditions(),
            deadline,
            page=page,
            page_size=page_size,
        )
        return [
            attendance_of(row, wanted.mode, comment_is_known=has_comment)
            for row in rows
        ]

    def recent(
        self, school_number: int, since: date, page_size: int, deadline: Deadline
    ) -> list[AttendanceRow]:
        """One page of a school's rows since a date: whose and of which mode."""
        rows = self._calls.table(
            "attendance",
            ("studentid", "att_mode_code"),
            [("schoolid", "==", school_number), ("att_date", "=ge=", since)],
            deadline,
            page_size=page_size,
        )
        return [attendance_of(row, None, comment_is_known=False) for row in rows]
