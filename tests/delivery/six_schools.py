"""Six schools of one mode, with six students each: what is sent and how it ends."""

from __future__ import annotations

from typing import Any

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, make_student
from vmps.models import School, Student, Writeback
from vmps.simulator.control import Simulator

NUMBERS = ["1817", "1818", "1819", "1820", "1821", "1822"]
EACH = 6
FIRST: dict[str, Any] = OAKWOOD_SEED["schools"][0]
#: In session on all weekdays.
SCHOOLS: list[dict[str, Any]] = [
    FIRST | {"number": number, "name": f"School {number}", "not_in_session": []}
    for number in NUMBERS
]
MODE_CODES = {"daily": "ATT_ModeDaily", "time": "ATT_ModeTime"}
#: One school's ids lie between the others'.
SEED = OAKWOOD_SEED | {
    "schools": SCHOOLS,
    "students": [
        OAKWOOD_SEED["students"][n] | {"school_number": NUMBERS[n % len(NUMBERS)]}
        for n in range(EACH * len(NUMBERS))
    ],
}


def known(school: School, row: dict[str, Any]) -> Student:
    """Make a student whom PowerSchool was asked for already."""
    student = make_student(school, **row)
    student.ps_id, student.ps_dcid = row["id"], row["dcid"]
    student.ps_school_number, student.ps_enroll_status = school.number, 0
    student.ps_checked_at = NOW
    student.save()
    return student


def reseed(simulator: Simulator, number: str, **changes: Any) -> None:
    """Change a school in PowerSchool."""
    schools = [s | changes if s["number"] == number else s for s in SCHOOLS]
    simulator.seed(SEED | {"schools": schools})
    simulator.reset_calls()


def report_all(oakwood: Oakwood) -> None:
    """Report an event of every student."""
    schools = oakwood.view().schools
    for place, student in enumerate(oakwood.students):
        assert oakwood.report(place, school=schools[student.school.number]).event


def ends() -> dict[str, set[tuple[str, str | None]]]:
    """Return how the writebacks ended, by school."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for writeback in Writeback.select():
        end = writeback.status, writeback.cause
        found.setdefault(writeback.school.number, set()).add(end)
    return found


def all_but(number: str, end: tuple[str, str | None]) -> dict[str, Any]:
    """Return the ends where one school's is this and all others' are good."""
    return {n: {("successful", None)} for n in NUMBERS} | {number: {end}}
