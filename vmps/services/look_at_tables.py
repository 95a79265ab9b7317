"""Reading a little of every PowerSchool table that deliveries read, for a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from vmps.models import School
from vmps.powerschool import (
    AttendanceMode,
    FieldGrant,
    FieldsNotGranted,
    PowerSchoolError,
    StudentRecord,
)
from vmps.powerschool.plugin import Use, installed_version, uses_of
from vmps.services.across import might_do_better_alone
from vmps.services.link import Link
from vmps.services.page_calls import Budget
from vmps.services.schools import today_at
from vmps.services.step_faults import StepFault, fault
from vmps.services.steps import Lack, Step, StepName, ok
from vmps.words import count_of

COMMENT = FieldGrant("ATTENDANCE", "Att_Comment", "FullAccess")


class Look:
    """One look at one school, today."""

    def __init__(
        self,
        link: Link,
        school: School,
        now: datetime,
        budget: Budget,
    ) -> None:
        self._client, self._budget = link.client, budget
        self._number = int(school.number)
        self._today = today_at(school, now)
        self._student: StudentRecord | None = None

    def at_codes(self) -> Step:
        codes = self._budget.call(
            lambda by: self._client.attendance_codes(
                self._number, self._today, deadline=by
            )
        )
        if codes:
            count = count_of(len(codes), "code")
            return ok(StepName.CODES, f"{count} at school {self._number}")
        return fault(StepFault.NO_CODES, school=self._number)

    def at_calendar(self) -> Step:
        day = self._budget.call(
            lambda by: self._client.calendar_day(self._number, self._today, deadline=by)
        )
        is_open = bool(day and day.in_session)
        return ok(
            StepName.CALENDAR,
            f"today is {'' if is_open else 'not '}in session at school {self._number}",
        )

    def at_students(self) -> Step:
        students = self._budget.call(
            lambda by: self._client.students_page(
                1, school_number=self._number, deadline=by
            )
        )
        if students:
            self._student = students[0]
            return ok(StepName.STUDENTS, f"school {self._number} has students")
        return fault(StepFault.NO_STUDENTS, school=self._number)

    def at_list(self) -> Step:
        """Look a student up by the plugin's query; what it lacks stops nothing."""
        wanted = self._student.dcid if self._student else 0
        try:
            found = self._budget.call(
                lambda by: self._client.students_listed("dcid", [wanted], deadline=by)
            )
            answers = bool(found) or not wanted
        except PowerSchoolError as error:
            if not might_do_better_alone(error):
                raise
            answers = False
        if answers:
            return ok(StepName.LISTED, "looked up in one call, at all schools")
        return fault(StepFault.LIST_MISSING, version=installed_version())

    def at_attendance(self) -> Step:
        rows = self._budget.call(
            lambda by: self._client.attendance_page(
                self._number, self._today, AttendanceMode.DAILY, 1, deadline=by
            )
        )
        if not rows:
            late = "the first row will show whether the comment may be read"
            return ok(StepName.ATTENDANCE, f"no rows today; {late}")
        if all(row.comment_is_known for row in rows):
            return ok(
                StepName.ATTENDANCE, "today's rows can be read, with their comments"
            )
        lack = Lack(COMMENT.plugin_line(), (Use.COMMENTS,))
        return fault(StepFault.COMMENT_HIDDEN, lacks=(lack,))

    def at_classes(self, numbers: Sequence[int]) -> Step:
        """Read one student's classes, as each event of a Meeting school does.

        `numbers` are those of all such schools.
        """
        students = self._budget.call(
            lambda by: self._client.students_page(
                1, school_number=self._number, page_size=1, deadline=by
            )
        )
        if not students:
            return fault(StepFault.NO_STUDENTS, StepName.CLASSES, school=self._number)
        classes = self._budget.call(
            lambda by: self._client.meetings(
                students[0].id, self._number, self._today, deadline=by
            )
        )
        if not self._client.reads_template:
            return self._without_template(numbers)
        return ok(
            StepName.CLASSES, f"{len(classes)} today for one at school {self._number}"
        )

    def _without_template(self, numbers: Sequence[int]) -> Step:
        """Tell what the tables lack of it: little, but where there are intervals."""
        modes = (AttendanceMode.MEETING,)
        lacking = [n for n in numbers if self._lacks_intervals(n)]
        if not lacking:
            return fault(StepFault.TEMPLATE_MISSING, modes=modes)
        word = "school" if len(lacking) == 1 else "schools"
        what = f"{word} {', '.join(map(str, lacking))}"
        return fault(StepFault.INTERVALS_MISSING, modes=modes, what=what)

    def _lacks_intervals(self, number: int) -> bool:
        return self._budget.call(
            lambda by: self._client.lacks_intervals(number, self._today, deadline=by)
        )


def guarded(name: StepName, look: Callable[[], Step]) -> Step:
    """Return the step, or how it failed, down to the missing plugin lines."""
    try:
        return look()
    except FieldsNotGranted as error:
        lacks = tuple(
            Lack(field.plugin_line(), uses_of([field])) for field in error.fields
        )
        return fault(StepFault.NOT_GRANTED, name, lacks=lacks)
    except PowerSchoolError as error:
        return fault(StepFault.NOT_READ, name, said=error)
