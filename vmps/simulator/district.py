"""The simulated district: schools, students and codes with their indexes."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from vmps.simulator.columns import Row
from vmps.simulator.schedules import MODES
from vmps.simulator.school_years import YEARIDS, parse_day, yearid_of
from vmps.simulator.schools import School
from vmps.simulator.sections import Classes

EMPTY_SEED: dict[str, Any] = {"schools": [], "students": []}
ACTIVE = 0


class District:
    """Everything that a seed says, ready to be looked up."""

    def __init__(self, seed: dict[str, Any]) -> None:
        self.seed = seed
        self.timezone: str = seed.get("timezone", "America/Chicago")
        schools = [
            School.from_seed(index, school)
            for index, school in enumerate(seed["schools"])
        ]
        self.schools = {school.number: school for school in schools}
        self.codes: dict[int, Row] = {}
        self.codes_of: dict[tuple[int, int], list[Row]] = defaultdict(list)
        self.students: dict[int, Row] = {}
        self.students_by_dcid: dict[int, Row] = {}
        self.students_by_number: dict[int, Row] = {}
        self.students_of: dict[int, list[Row]] = defaultdict(list)
        self._index_codes()
        self._index_students()
        self.classes = Classes()
        self._index_classes()
        self.terms = [row for school in schools for row in school.term_rows()]
        self.preferences = _preferences(schools, self.timezone)

    def _index_codes(self) -> None:
        for school in self.schools.values():
            for row in school.code_rows():
                self.codes[int(row["id"] or 0)] = row
                key = (school.number, int(row["yearid"] or 0))
                self.codes_of[key].append(row)

    def _index_students(self) -> None:
        rows = [student_row(student) for student in self.seed["students"]]
        for row in sorted(rows, key=lambda row: int(row["dcid"] or 0)):
            self.students[int(row["id"] or 0)] = row
            self.students_by_dcid[int(row["dcid"] or 0)] = row
            self.students_by_number[int(row["student_number"] or 0)] = row
            self.students_of[int(row["schoolid"] or 0)].append(row)

    def _index_classes(self) -> None:
        for school, seed in zip(
            self.schools.values(), self.seed["schools"], strict=True
        ):
            self.classes.add(school, seed.get("sections", ()))
        if unknown := self.classes.enrolments_of.keys() - self.students.keys():
            raise ValueError(f"sections name unknown students: {sorted(unknown)[:5]}")

    def is_enrolled(self, student: Row, schoolid: int, day: date) -> bool:
        """Tell whether a student is active at a school on a day."""
        if student["schoolid"] != schoolid or student["enroll_status"] != ACTIVE:
            return False
        entered = parse_day(str(student["entrydate"]))
        left = parse_day(str(student["exitdate"]))  # the day after the last one
        if entered is not None and day < entered:
            return False
        return left is None or day < left


def student_row(student: dict[str, Any]) -> Row:
    """Make the STUDENTS row of a seeded student."""
    return {
        "dcid": int(student["dcid"]),
        "id": int(student["id"]),
        "student_number": int(student["student_number"]),
        "first_name": student["first_name"],
        "last_name": student["last_name"],
        "grade_level": int(student.get("grade_level", 0)),
        "schoolid": int(student["school_number"]),
        "enroll_status": int(student.get("enroll_status", ACTIVE)),
        "entrydate": student.get("entrydate", "2020-01-01"),
        "exitdate": student.get("exitdate"),
    }


def _preferences(schools: list[School], timezone: str) -> list[Row]:
    rows: list[Row] = [
        {"name": name, "value": value, "schoolid": school.number, "yearid": yearid}
        for school in schools
        for yearid in YEARIDS
        for name, value in _mode_preferences(school)
    ]
    this_year = str(yearid_of(datetime.now(ZoneInfo(timezone)).date()))
    rows.append({"name": "coursearchiveyear", "value": this_year, "schoolid": 0})
    for number, row in enumerate(rows, start=1):
        row.update(dcid=number, id=number, userid=0)
    return rows


def _mode_preferences(school: School) -> Iterator[tuple[str, str]]:
    for mode in MODES:
        is_recorded = mode in school.schedule.recorded_modes
        yield f"ATT_RecordMode{mode.title()}", str(int(is_recorded))
