"""Reading a little of every PowerSchool table that deliveries read, for a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vmps.models import School
from vmps.powerschool import (
    AttendanceMode,
    Deadline,
    FieldGrant,
    FieldsNotGranted,
    PowerSchoolError,
)
from vmps.services.link import Link
from vmps.services.schools import today_at
from vmps.services.steps import Step, StepStatus, ok

COMMENT = FieldGrant("ATTENDANCE", "Att_Comment", "FullAccess")


class Look:
    """One look at one school, today."""

    def __init__(
        self,
        link: Link,
        school: School,
        now: datetime,
        deadline: Callable[[], Deadline],
    ) -> None:
        self._client, self._deadline = link.client, deadline
        self._number = int(school.number)
        self._today = today_at(school, now)

    def at_codes(self) -> Step:
        codes = self._client.attendance_codes(
            self._number, self._today, deadline=self._deadline()
        )
        if codes:
            return ok("attendance codes", f"{len(codes)} at school {self._number}")
        return Step(
            "attendance codes",
            StepStatus.FAILED,
            f"PowerSchool has no codes for school {self._number} this year",
            "Check the school's number, and its attendance codes in PowerSchool.",
        )

    def at_calendar(self) -> Step:
        day = self._client.calendar_day(
            self._number, self._today, deadline=self._deadline()
        )
        is_open = bool(day and day.in_session)
        return ok("calendar", f"today is {'' if is_open else 'not '}in session")

    def at_students(self) -> Step:
        students = self._client.students_page(
            1, school_number=self._number, deadline=self._deadline()
        )
        if students:
            return ok("students", f"school {self._number} has students")
        return Step(
            "students",
            StepStatus.WARNING,
            f"PowerSchool shows no students at school {self._number}",
            "Check the school's number.",
        )

    def at_attendance(self) -> Step:
        rows = self._client.attendance_page(
            self._number, self._today, AttendanceMode.DAILY, 1,
            deadline=self._deadline(),
        )  # fmt: skip
        if not rows:
            late = "the first row will show whether the comment may be read"
            return ok("attendance", f"no rows today; {late}")
        if all(row.comment_is_known for row in rows):
            return ok("attendance", f"{len(rows)} rows read for today")
        return Step(
            "attendance",
            StepStatus.WARNING,
            "the comment may not be read, so none will be sent",
            f"Add this line to the plugin: {COMMENT.plugin_line()}",
        )


def guarded(name: str, look: Callable[[], Step]) -> Step:
    """Return the step, or how it failed, down to the missing plugin lines."""
    try:
        return look()
    except FieldsNotGranted as error:
        lines = error.plugin_lines() or "the fields of this table"
        fix = f"Add to the plugin, and install it again:\n{lines}"
        return Step(name, StepStatus.FAILED, "the plugin may not read this", fix)
    except PowerSchoolError as error:
        return Step(name, StepStatus.FAILED, str(error), "Test again in a minute.")
