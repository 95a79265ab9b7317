"""Students of many schools looked up by the plugin's query, and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from vmps.models import Connection, Student, Writeback
from vmps.powerschool.plugin import installed_version
from vmps.services.across import ALONE_SECONDS
from vmps.services.check_connection import check_connection
from vmps.services.steps import StepName, StepStatus, is_good_for
from vmps.simulator.control import Simulator

Deliver = Callable[[], bool]
NUMBERS = ["1817", "1818", "1819", "1820"]
EACH = 6
FIRST: dict[str, Any] = OAKWOOD_SEED["schools"][0]
#: Their ids are far apart: a range between them holds more than a page.
SEED = OAKWOOD_SEED | {
    "schools": [FIRST | {"number": number, "name": number} for number in NUMBERS],
    "students": [
        OAKWOOD_SEED["students"][n]
        | {"dcid": 1000 + 7919 * n, "school_number": NUMBERS[n % len(NUMBERS)]}
        for n in range(EACH * len(NUMBERS))
    ],
}
COUNT = EACH * len(NUMBERS)
QUERY = "query:students_listed"
PATH = "/ws/schema/query/com.vmps."


@pytest.fixture
def oakwood(settings: Settings, shared_simulator: Simulator) -> Oakwood:
    """Four schools, whose students nobody has asked for yet."""
    shared_simulator.seed(SEED)
    made = make_oakwood(shared_simulator.url, SEED | {"students": []})
    others = [make_school(made.district, number) for number in NUMBERS[1:]]
    schools = {school.number: school for school in [made.school, *others]}
    rows = SEED["students"]
    students = [make_student(schools[row["school_number"]], **row) for row in rows]
    kiosk = make_kiosk(made.district, list(schools.values()), "ksk_all")
    shared_simulator.reset_calls()
    return Oakwood(made.district, made.school, students, kiosk)


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """The simulator as `oakwood` has left it."""
    return shared_simulator


def report(oakwood: Oakwood, places: Iterable[int] = range(COUNT)) -> None:
    """Report an event of these students."""
    schools = oakwood.view().schools
    for place in places:
        school = schools[oakwood.students[place].school.number]
        assert oakwood.report(place, school=school).event


def test_students_of_all_schools_are_found_in_one_call(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    report(oakwood)
    deliver()
    assert statuses() == {"successful": COUNT}
    assert simulator.calls()[QUERY] == 1
    assert "table:students" not in simulator.calls()
    for student in Student.select():
        assert student.ps_dcid == int(student.sis_id)


def test_a_few_are_asked_for_one_by_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    report(oakwood, range(3))
    deliver()
    assert statuses() == {"successful": 3}
    assert simulator.calls()["table:students"] == 3
    assert QUERY not in simulator.calls()


def test_an_older_plugin_goes_on_and_is_asked_again_after_a_while(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.settings(missing_queries=["students_listed"])
    for places in (range(8), range(8, 16)):
        report(oakwood, places)
        deliver()
    assert statuses() == {"successful": 16}
    assert {writeback.tries for writeback in Writeback.select()} == {0}
    assert simulator.calls()[QUERY] == 1
    simulator.settings(missing_queries=[])
    simulator.reset_calls()
    watch.advance(seconds=ALONE_SECONDS)
    report(oakwood, range(16, COUNT))
    deliver()
    assert simulator.calls()[QUERY] == 1
    assert "table:students" not in simulator.calls()


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_a_query_that_is_refused_fails_no_event(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, status: int
) -> None:
    simulator.faults([{"kind": "status", "status": status, "on": PATH}])
    report(oakwood)
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert statuses() == {"successful": COUNT}
    assert {writeback.tries for writeback in Writeback.select()} == {0}


@pytest.mark.parametrize("kind", ["html_page", "truncated_json", "black_hole"])
def test_a_query_that_is_no_good_costs_one_try_at_most(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch, kind: str
) -> None:
    simulator.faults([{"kind": kind, "on": PATH}])
    report(oakwood)
    deliver()
    watch.advance(seconds=6)
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert statuses() == {"successful": COUNT}


def test_a_throttle_says_nothing_about_the_query(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "status", "status": 429, "on": PATH, "times": 1}])
    report(oakwood)
    deliver()
    watch.advance(seconds=6)
    deliver()
    assert statuses() == {"successful": COUNT}
    assert "table:students" not in simulator.calls()


def test_only_its_own_child_is_found_among_many(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    wrong, gone, moved, nobody = (s.sis_id for s in oakwood.students[:4])
    simulator.change_student(int(wrong), first_name="Otto", last_name="Berg")
    simulator.remove_student(int(gone))
    simulator.change_student(int(moved), school_number="1820")
    Student.update(sis_id="A-12").where(Student.sis_id == nobody).execute()
    oakwood.students[3].sis_id = "A-12"
    report(oakwood)
    deliver()
    causes = {
        writeback.event.student.sis_id: writeback.cause
        for writeback in Writeback.select().where(Writeback.status == "failed")
    }
    assert causes == {
        wrong: "wrong_student",
        gone: "student_not_found",
        moved: "moved",
        "A-12": "student_not_found",
    }
    assert len(simulator.journal()) == COUNT - 4
    assert simulator.calls()["table:students"] == 1  # the query has not the last word


def test_a_number_that_two_have_is_nobody_s(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    Connection.update(roster_id="student_number").execute()
    for row, student in zip(SEED["students"], oakwood.students, strict=True):
        student.sis_id = row["student_number"]
        student.save()
    first, second = SEED["students"][:2]
    simulator.change_student(second["dcid"], student_number=first["student_number"])
    report(oakwood)
    deliver()
    failed = Writeback.select().where(Writeback.status == "failed")
    assert {w.event.student.id: w.detail for w in failed} == {
        oakwood.students[0].id: "2 students have this id",
        oakwood.students[1].id: "no student has this id",
    }


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, StepStatus.OK),
        ({"missing_queries": ["students_listed"]}, StepStatus.WARNING),
    ],
)
def test_the_connection_s_test_tells_whether_the_query_answers(
    oakwood: Oakwood,
    settings: Settings,
    simulator: Simulator,
    changes: dict[str, Any],
    status: StepStatus,
) -> None:
    simulator.settings(**changes)
    settings.attempt_seconds = 20
    steps = check_connection(oakwood.district, settings, actor="test", now=NOW)
    (step,) = [step for step in steps if step.name is StepName.LISTED]
    assert step.status is status
    assert (installed_version() in step.message) is bool(changes)
    assert step.fix.startswith("Install the plugin") is bool(changes)
    assert is_good_for("daily", steps)


def test_after_a_test_of_the_connection_a_new_plugin_is_used_at_once(
    oakwood: Oakwood, deliver: Deliver, settings: Settings, simulator: Simulator
) -> None:
    simulator.settings(missing_queries=["students_listed"])
    report(oakwood, range(8))
    deliver()
    simulator.settings(missing_queries=[])
    settings.attempt_seconds = 20
    check_connection(oakwood.district, settings, actor="test", now=NOW)
    simulator.reset_calls()
    report(oakwood, range(8, COUNT))
    deliver()
    assert simulator.calls()[QUERY] == 1
    assert statuses() == {"successful": COUNT}
