"""Schools that are read together: fewer calls, and none suffers from another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import (
    NOW,
    OAKWOOD_SEED,
    Oakwood,
    make_kiosk,
    make_oakwood,
    make_school,
    make_student,
    statuses,
)
from tests.clock import Watch
from vmps.config import Settings
from vmps.models import KioskSchool, School, Student, Writeback
from vmps.simulator.control import Simulator

Deliver = Callable[[], bool]
NUMBERS = ["1817", "1818", "1819", "1820", "1821", "1822"]
EACH = 6
FIRST: dict[str, Any] = OAKWOOD_SEED["schools"][0]
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


@pytest.fixture(params=["daily", "time"])
def mode(request: pytest.FixtureRequest) -> str:
    """The mode of all schools."""
    found: str = request.param
    return found


@pytest.fixture
def oakwood(settings: Settings, shared_simulator: Simulator, mode: str) -> Oakwood:
    """Six schools, whose students are known."""
    shared_simulator.seed(SEED)
    shared_simulator.reset_calls()
    made = make_oakwood(shared_simulator.url, SEED | {"students": []})
    others = [make_school(made.district, number) for number in NUMBERS[1:]]
    schools = {school.number: school for school in [made.school, *others]}
    School.update(mode=mode).execute()
    students = [known(schools[row["school_number"]], row) for row in SEED["students"]]
    kiosk = make_kiosk(made.district, list(schools.values()), "ksk_all")
    return Oakwood(made.district, made.school, students, kiosk)


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """The simulator as `oakwood` has left it."""
    return shared_simulator


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


def test_schools_share_calls_and_keep_their_own_codes(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, mode: str
) -> None:
    report_all(oakwood)
    deliver()
    assert statuses() == {"successful": EACH * len(NUMBERS)}
    calls = simulator.calls()
    assert calls["table:attendance_code"] == calls["table:calendar_day"] == 1
    assert calls["table:attendance"] == 2
    assert calls.get("table:bell_schedule_items", 0) == (mode == "time")
    for row in simulator.journal():
        code = row["attendance_codeid"]
        assert code // 100_000 == row["yearid"] == 36
        assert row["schoolid"] == int(NUMBERS[(row["studentid"] - 500) % len(NUMBERS)])


def test_each_code_is_of_the_school_of_its_row(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    report_all(oakwood)
    deliver()
    ids: dict[int, set[int]] = {}
    for row in simulator.journal():
        ids.setdefault(row["schoolid"], set()).add(row["attendance_codeid"])
    assert all(len(found) == 1 for found in ids.values())
    assert len(set.union(*ids.values())) == len(NUMBERS)


def test_a_school_that_is_not_in_session_is_refused_alone(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    reseed(simulator, "1819", not_in_session=["2026-11-23"])
    report_all(oakwood)
    deliver()
    assert ends() == all_but("1819", ("failed", "not_in_session"))


def test_a_school_without_the_code_fails_alone(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    reseed(simulator, "1819", codes=FIRST["codes"][:1])
    report_all(oakwood)
    deliver()
    assert ends() == all_but("1819", ("failed", "code_missing"))


@pytest.mark.parametrize("number", ["4711", "Annex"])
def test_a_school_that_powerschool_does_not_know_fails_alone(
    oakwood: Oakwood, deliver: Deliver, number: str
) -> None:
    of_unknown = School.select(School.id).where(School.number == "1819")
    changed = Student.school.in_(of_unknown)
    Student.update(ps_school_number=number).where(changed).execute()
    School.update(number=number).where(School.number == "1819").execute()
    for student in oakwood.students:
        student.school = School.get_by_id(student.school_id)
    report_all(oakwood)
    deliver()
    found = ends()
    (unknown,) = found.pop(number)
    assert unknown[0] != "successful"
    good = {n: {("successful", None)} for n in NUMBERS if n != "1819"}
    assert found == good


def test_a_school_of_another_time_zone_is_read_for_its_own_day(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    School.update(timezone="Pacific/Auckland").where(School.number == "1819").execute()
    report_all(oakwood)
    deliver()
    days = {(row["schoolid"], row["att_date"]) for row in simulator.journal()}
    assert {day for school, day in days if school != 1819} == {"2026-11-23"}
    assert {day for school, day in days if school == 1819} <= {"2026-11-24"}
    others = {n: e for n, e in ends().items() if n != "1819"}
    assert set().union(*others.values()) == {("successful", None)}


def test_a_row_of_another_school_counts_for_that_one_only(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, mode: str
) -> None:
    modes = {"att_mode_code": MODE_CODES[mode]}
    simulator.put_attendance(500, 1822, "2026-11-23", "S", **modes)
    simulator.put_attendance(
        501, 1818, "2026-11-23", "S", att_mode_code=MODE_CODES[mode]
    )
    report_all(oakwood)
    deliver()
    failed = Writeback.select().where(Writeback.status == "failed")
    assert [w.event.student.ps_id for w in failed] == [501]


@pytest.mark.parametrize("skip", [0, 1, 2])
@pytest.mark.parametrize("status", [400, 403, 500])
def test_what_is_refused_together_is_read_school_by_school(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, skip: int, status: int
) -> None:
    # Codes, rows, rows once more: one path begins with the other.
    path = "/ws/schema/table/attendance"
    fault = {"kind": "status", "status": status, "on": path, "times": 1, "skip": skip}
    simulator.faults([fault])
    report_all(oakwood)
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert statuses() == {"successful": EACH * len(NUMBERS)}
    assert simulator.calls()["table:attendance"] >= len(NUMBERS)
    assert len(simulator.journal()) == EACH * len(NUMBERS)


def test_schools_of_two_modes_are_read_by_mode(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, mode: str
) -> None:
    other = "time" if mode == "daily" else "daily"
    more = [str(number) for number in range(1823, 1829)]
    schools = [FIRST | {"number": number, "not_in_session": []} for number in more]
    first = SEED["students"][0]
    rows = [
        first | {"id": n, "dcid": n, "student_number": str(n), "school_number": str(n)}
        for n in map(int, more)
    ]
    everybody = [*SEED["students"], *rows]
    simulator.seed(SEED | {"schools": [*SCHOOLS, *schools], "students": everybody})
    simulator.reset_calls()
    students = list(oakwood.students)
    for row in rows:
        school = make_school(oakwood.district, row["school_number"], mode=other)
        KioskSchool.create(kiosk=oakwood.kiosk, school=school)
        students.append(known(school, row))
    report_all(replace(oakwood, students=students))
    deliver()
    assert statuses() == {"successful": len(students)}
    assert simulator.calls()["table:calendar_day"] <= 2
    assert simulator.calls()["table:bell_schedule_items"] == 1
    assert simulator.calls()["table:attendance"] == 4


def test_a_code_that_is_new_at_one_school_is_known_there(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch, mode: str
) -> None:
    schools = oakwood.view().schools
    half = len(oakwood.students) // 2
    for place, student in enumerate(oakwood.students):
        if place == half:
            deliver()
            watch.advance(minutes=10)
        oakwood.report(place, school=schools[student.school.number])
    new = {"att_code": "N", "description": "New", "presence": "Absent"}
    simulator.change_school("1819", codes=[*FIRST["codes"], new])
    School.update(replaceable_codes='["N"]').execute()
    modes = {"att_mode_code": MODE_CODES[mode], "total_minutes": 400}
    simulator.put_attendance(500 + half + 2, 1819, "2026-11-23", "N", **modes)
    simulator.reset_calls()
    deliver()
    assert statuses() == {"successful": EACH * len(NUMBERS)}
    assert {writeback.tries for writeback in Writeback.select()} == {0}
    assert simulator.calls()["query:attendance_code_by_school_date"] == 1


def test_a_field_that_only_reading_together_needs_stops_nothing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.withdraw("TERMS", "ISYEARREC")
    report_all(oakwood)
    deliver()
    assert statuses() == {"successful": EACH * len(NUMBERS)}


def test_rows_of_others_in_between_are_not_read_page_after_page(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, mode: str
) -> None:
    first = SEED["students"][0]
    more = [
        first | {"id": 2000 + n, "dcid": 2000 + n, "student_number": str(n)}
        for n in range(700)
    ]
    last = SEED["students"][-1] | {"id": 5000}
    simulator.seed(SEED | {"students": [*SEED["students"][:-1], last, *more]})
    modes = {"att_mode_code": MODE_CODES[mode]}
    for student in more:
        simulator.put_attendance(student["id"], 1817, "2026-11-23", "A", **modes)
    Student.update(ps_id=5000).where(Student.ps_id == last["dcid"] - 400).execute()
    simulator.reset_calls()
    report_all(oakwood)
    deliver()
    assert statuses() == {"successful": EACH * len(NUMBERS)}
    # Six pages in vain; then each school is read, and read back, by itself.
    assert simulator.calls()["table:attendance"] == 3 * len(NUMBERS)
