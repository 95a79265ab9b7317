"""Detecting what the roster's SIS ID is in PowerSchool, from a sample of students."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vmps.config import Settings
from vmps.db import tuples
from vmps.models import Cause, District, RosterId, Student
from vmps.powerschool import StudentRecord
from vmps.services.ask_powerschool import Asked, ask_powerschool, find_connection
from vmps.services.connections import version_of
from vmps.services.identify import Resolution, judge
from vmps.services.identity import Person, number_of
from vmps.services.problems import Problem
from vmps.services.roster_kinds import (
    Candidate,
    Tally,
    choose_kind,
    choose_sample,
    tally_of,
)
from vmps.services.workload import StudentView
from vmps.words import count_of

MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Detection:
    """How a sample compares, of each kind; `kind` is None where that is not clear.

    `examples` name other students, of the saved kind or the clear one: for district
    admins only. It holds for the connection as it was at `version`.
    """

    tallies: Sequence[Tally]
    kind: RosterId | None
    examples: Sequence[str]
    version: str

    @property
    def asked(self) -> int:
        """Return how many students were compared."""
        return self.tallies[0].asked

    def words(self) -> str:
        """Return `Of 100 students 96 match as DCID, 1 as STUDENTS.ID, …`."""
        first, *others = self.tallies
        counts = [f"{first.matched} match as {first.kind.label}"]
        counts += [f"{tally.matched} as {tally.kind.label}" for tally in others]
        return f"Of {count_of(self.asked, 'student')}, {', '.join(counts)}."


def detect_roster_id(district: District, settings: Settings) -> Detection:
    """Look a sample up as each kind, in a dozen calls; nothing is changed.

    Takes ATTEMPT_SECONDS at most. A Problem says in plain words why it cannot tell.
    """
    connection = find_connection(district.id)
    sample = _sample(district)
    if not sample:
        raise Problem(
            "There is nothing to compare: the roster has no students whose SIS ID is a"
            " number.",
            details=["Have the roster imported, then detect again."],
        )
    with ask_powerschool(district.id, settings) as asked:
        judged = {kind: _compare(asked, kind, sample) for kind in RosterId}
    tallies = [_count(kind, found) for kind, found in judged.items()]
    kind = choose_kind(tallies)
    told = judged[kind or RosterId(connection.roster_id)]
    examples = [r.detail for r in told if r.cause is Cause.WRONG_STUDENT]
    return Detection(tallies, kind, examples[:MOST_EXAMPLES], version_of(connection))


def _sample(district: District) -> dict[int, StudentView]:
    """Return the chosen students by the number that their SIS ID is."""
    rows = tuples(
        Student.select(Student.id, Student.school, Student.sis_id).where(
            Student.district == district, Student.archived_at.is_null()
        )
    )
    chosen = choose_sample(
        Candidate(student_id, school_id, number)
        for student_id, school_id, sis_id in rows
        if (number := number_of(sis_id)) is not None
    )
    numbers = {candidate.student_id: candidate.number for candidate in chosen}
    students = Student.select().where(Student.id.in_(list(numbers)))
    return {numbers[student.id]: _view(student) for student in students}


def _view(student: Student) -> StudentView:
    person = Person(student.student_number, student.first_name, student.last_name)
    return StudentView(student.id, student.sis_id, person, None, None, None)


def _compare(
    asked: Asked, kind: RosterId, sample: dict[int, StudentView]
) -> list[Resolution]:
    """Take the sample's numbers for ids of one kind, and see who that is."""
    records: dict[str, list[StudentRecord]] = defaultdict(list)
    client = asked.link.client
    for record in asked.budget.call(
        lambda by: client.students_with(kind.value, sample.keys(), deadline=by)
    ):
        records[str(getattr(record, kind.value))].append(record)
    judged = [judge(who, records[str(n)]) for n, who in sample.items()]
    return [
        replace(found, detail=_compared(found))
        if found.cause is Cause.WRONG_STUDENT
        else found
        for found in judged
    ]


def _compared(found: Resolution) -> str:
    ours = found.student.person
    number = f" (student number {ours.student_number})" if ours.student_number else ""
    return (
        f"{found.detail}, in your roster it is {ours.first_name} {ours.last_name}"
        f"{number}"
    )


def _count(kind: RosterId, judged: Sequence[Resolution]) -> Tally:
    found = {
        resolution.student.id: None
        if resolution.cause is Cause.STUDENT_NOT_FOUND
        else resolution.cause is None
        for resolution in judged
    }
    return tally_of(kind, found)
