"""What a drain would have read of the simulated PowerSchool, from its seed."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from vmps.demo.past.events import view_student
from vmps.models import Student
from vmps.powerschool import AttendanceCode, StudentRecord
from vmps.services.identify import Resolution, judge
from vmps.services.identity import Enrollment, enrollment_problem
from vmps.services.link import Facts
from vmps.simulator.columns import Row
from vmps.simulator.district import District
from vmps.simulator.school_years import parse_day, yearid_of


class PastPowerSchool:
    """One district's PowerSchool: its students, codes and calendars."""

    def __init__(self, seed: dict[str, Any]) -> None:
        self._district = District(seed)
        self.facts = cache(self._facts)
        self.resolve = cache(self._resolve)

    def is_in_session(self, school_number: str, day: date) -> bool:
        """Tell whether the school was held on a day."""
        return self._district.schools[int(school_number)].is_in_session(day)

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
        row = self._district.students_by_dcid.get(int(student.sis_id))
        return judge(view_student(student), [] if row is None else [_record(row)])

    def _facts(self, school_number: str, day: date) -> Facts:
        school = self._district.schools[int(school_number)]
        year_id = yearid_of(day)
        rows = self._district.codes_of[school.number, year_id]
        codes = [_code(row) for row in rows]
        return Facts(
            codes={code.code: code for code in codes},
            texts={code.id: code.code for code in codes},
            presence={code.code: code.presence for code in codes},
            year_id=year_id,
            calendar_day_id=school.calendar_day_id(day),
            is_in_session=school.is_in_session(day),
        )


def _record(row: Row) -> StudentRecord:
    return StudentRecord(
        id=int(row["id"] or 0),
        dcid=int(row["dcid"] or 0),
        student_number=str(row["student_number"]),
        first_name=str(row["first_name"]),
        last_name=str(row["last_name"]),
        grade_level=int(row["grade_level"] or 0),
        school_number=int(row["schoolid"] or 0),
        enroll_status=int(row["enroll_status"] or 0),
        entry_date=parse_day(str(row["entrydate"])),
        exit_date=parse_day(str(row["exitdate"])),
    )


def _code(row: Row) -> AttendanceCode:
    return AttendanceCode(
        id=int(row["id"] or 0),
        code=str(row["att_code"] or ""),
        description=str(row["description"]),
        presence=str(row["presence_status_cd"]),
        year_id=int(row["yearid"] or 0),
    )
