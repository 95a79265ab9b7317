"""Finding roster students in PowerSchool, by the id the connection names."""

# Runs in a slot's thread: no database here. What it learns goes back as values.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.models import Cause, RosterId
from vmps.powerschool import Deadline, PowerSchoolError, StudentRecord
from vmps.services.across import (
    FEW,
    PAGE_SIZE,
    might_do_better_alone,
    seconds_alone_after,
)
from vmps.services.identity import (
    Person,
    enrollment_problem,
    is_same_person,
    number_of,
)
from vmps.services.link import Link
from vmps.services.workload import StudentView, Unit

#: What `Link.reads_across` calls looking students up by the plugin's query.
BY_LIST = "students by list"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a roster's student is in PowerSchool, or why we won't say.

    It holds for the student as compared: not after another number or name was saved.
    """

    student: StudentView
    record: StudentRecord | None
    cause: Cause | None = None
    detail: str = ""


def needs_identifying(unit: Unit, *, now: datetime, trust: timedelta) -> bool:
    """Tell whether PowerSchool's record is unknown or older than we trust.

    One that says the student is not enrolled is never trusted: it may be mended.
    """
    student = unit.student
    if student.ps_id is None or student.checked_at is None or not student.enrollment:
        return True
    if enrollment_problem(student.enrollment, unit.school.number, unit.day):
        return True
    return now - student.checked_at > trust


def identify(
    link: Link,
    school_number: str,
    students: Sequence[StudentView],
    deadline: Deadline,
) -> dict[int, Resolution]:
    """Return a resolution for each student's id; many are read by a range of ids.

    Students whose PowerSchool school is another one are not in the range's answer and
    are asked for alone.
    """
    found: dict[str, StudentRecord] = {}
    if len(students) > FEW:
        found = _read_range(link, school_number, students, deadline)
    return {
        student.id: judge(
            student,
            [found[student.sis_id]]
            if student.sis_id in found
            else _look_up(link, student, deadline),
        )
        for student in students
    }


def identify_listed(
    link: Link, students: Sequence[StudentView], deadline: Deadline
) -> dict[int, Resolution]:
    """Return a resolution for each student, of any school, that one call finds.

    Empty where the plugin's query is missing or refused, which is remembered. It never
    has the last word: whom it does not find is to be looked up in the other way.
    """
    if not link.reads_across(BY_LIST):
        return {}
    numbers = {
        student.id: number
        for student in students
        if (number := number_of(student.sis_id)) is not None
    }
    found: dict[str, list[StudentRecord]] = defaultdict(list)
    try:
        for record in link.client.students_listed(
            link.roster_id.value, set(numbers.values()), deadline=deadline
        ):
            found[_key_of(record, link.roster_id)].append(record)
    except PowerSchoolError as error:
        link.read_alone(BY_LIST, seconds_alone_after(error))
        if might_do_better_alone(error):
            return {}
        raise
    listed = [s for s in students if str(numbers.get(s.id)) in found]
    return {s.id: judge(s, found[str(numbers[s.id])]) for s in listed}


def _read_range(
    link: Link,
    school_number: str,
    students: Sequence[StudentView],
    deadline: Deadline,
) -> dict[str, StudentRecord]:
    numbers = [number_of(student.sis_id) for student in students]
    ids = [number for number in numbers if number is not None]
    if not ids:
        return {}
    records = link.client.students_between(
        int(school_number),
        link.roster_id.value,
        (min(ids), max(ids)),
        page_size=PAGE_SIZE,
        deadline=deadline,
    )
    return {_key_of(record, link.roster_id): record for record in records}


def _key_of(record: StudentRecord, roster_id: RosterId) -> str:
    if roster_id is RosterId.DCID:
        return str(record.dcid)
    if roster_id is RosterId.ID:
        return str(record.id)
    return record.student_number or ""


def _look_up(
    link: Link, student: StudentView, deadline: Deadline
) -> list[StudentRecord]:
    number = number_of(student.sis_id)
    if number is None:
        return []
    if link.roster_id is RosterId.DCID:
        return link.client.students(dcid=number, deadline=deadline)
    if link.roster_id is RosterId.ID:
        return link.client.students(id=number, deadline=deadline)
    return link.client.students(student_number=number, deadline=deadline)


def judge(student: StudentView, found: Sequence[StudentRecord]) -> Resolution:
    """Return who the student is, of the records that their id found."""
    if len(found) != 1:
        none = "no student has this id"
        detail = f"{len(found)} students have this id" if found else none
        return Resolution(student, None, Cause.STUDENT_NOT_FOUND, detail)
    record = found[0]
    number = record.student_number or ""
    theirs = Person(number, record.first_name, record.last_name)
    if is_same_person(student.person, theirs):
        return Resolution(student, record)
    detail = (
        f"PowerSchool's {student.sis_id} is {record.first_name} {record.last_name}"
        f" (student number {number})"
    )
    return Resolution(student, None, Cause.WRONG_STUDENT, detail)
