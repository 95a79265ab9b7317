"""The simulated PowerSchool as it was: its seed, and the rows that the past left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from vmps.demo.past.events import view_student
from vmps.models import Student
from vmps.powerschool.rows import code_of, student_of
from vmps.services.identify import Resolution, judge
from vmps.services.identity import Enrollment, enrollment_problem
from vmps.services.link import Facts
from vmps.simulator.attendance import Attendance, Change
from vmps.simulator.changes import Books, Wanted
from vmps.simulator.district import District
from vmps.simulator.school_years import yearid_of


class PastPowerSchool:
    """One district's PowerSchool: its students, codes, calendars and attendance."""

    def __init__(self, seed: dict[str, Any]) -> None:
        self.district = District(seed)
        self.attendance = Attendance()
        #: Everything entered, for the simulator's journal.
        self.changes: list[Change] = []
        self._books = Books(self.district, self.attendance)
        self._at = datetime.min.replace(tzinfo=UTC)
        self.facts = cache(self._facts)
        self.resolve = cache(self._resolve)

    def enter(
        self, wanted: Iterable[Wanted], at: datetime, *, endpoint: str, by: str
    ) -> list[Change]:
        """Enter rows, never earlier than those before them."""
        self._at = max(self._at, at)
        entered = self._books.enter(wanted, at=self._at, endpoint=endpoint, by=by)
        self.changes += entered
        return entered

    def is_in_session(self, school_number: str, day: date) -> bool:
        """Tell whether the school was held on a day."""
        return self.district.schools[int(school_number)].is_in_session(day)

    def is_trouble(self, student: Student, school_number: str, day: date) -> bool:
        """Tell whether nothing can be written for this student."""
        record = self.resolve(student).record
        if record is None:
            return True
        enrollment = Enrollment(
            str(record.school_number),
            record.enroll_status,
            record.entry_date,
            record.exit_date,
        )
        return enrollment_problem(enrollment, school_number, day) is not None

    def _resolve(self, student: Student) -> Resolution:
        row = self.district.students_by_dcid.get(int(student.sis_id))
        found = [] if row is None else [student_of(row)]
        return judge(view_student(student), found)

    def _facts(self, school_number: str, day: date) -> Facts:
        school = self.district.schools[int(school_number)]
        year_id = yearid_of(day)
        codes = [code_of(row) for row in self.district.codes_of[school.number, year_id]]
        return Facts(
            codes={code.code: code for code in codes},
            texts={code.id: code.code for code in codes},
            presence={code.code: code.presence for code in codes},
            year_id=year_id,
            calendar_day_id=school.calendar_day_id(day),
            is_in_session=school.is_in_session(day),
        )
