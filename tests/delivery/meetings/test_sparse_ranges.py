"""Students far apart among many others are read one by one, school by school."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import (
    Oakwood,
    make_kiosk,
    make_oakwood,
    make_school,
    make_student,
    statuses,
)
from tests.delivery.conftest import Deliver
from tests.delivery.meetings.conftest import QUERY
from vmps.config import Settings
from vmps.models import School
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

DENSE, SPARSE = "1817", "1818"
#: Their ids take turns; each student has ten sections.
SEED = invent_district(2, 150, modes=("meeting",)) | {"timezone": "America/Chicago"}
NEXT_TO_ONE_ANOTHER, FAR_APART = range(2, 50, 2), range(3, 300, 30)


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Time enough for pages."""
    return config | {"ATTEMPT_SECONDS": 20}


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """Two schools of meetings without the query."""
    shared_simulator.seed(SEED)
    shared_simulator.settings(missing_queries=[QUERY])
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood with two schools in Meeting mode."""
    made = make_oakwood(simulator.url, SEED | {"students": []})
    other = make_school(made.district, SPARSE)
    School.update(mode="meeting").execute()
    schools = {DENSE: made.school, SPARSE: other}
    students = [
        make_student(schools[r["school_number"]], **r) for r in SEED["students"]
    ]
    kiosk = make_kiosk(made.district, list(schools.values()), "ksk_both")
    return replace(made, students=students, kiosk=kiosk)


@pytest.fixture
def deliver(deliver: Deliver, oakwood: Oakwood, simulator: Simulator) -> Deliver:
    """Drain a lane that has found out already that there is no query."""
    report(oakwood, [0, 1])
    deliver()
    assert statuses() == {"successful": 2}
    simulator.reset_calls()
    return deliver


def report(oakwood: Oakwood, places: Any, **more: Any) -> None:
    schools = oakwood.view().schools
    for place in places:
        given = {
            "school": schools[oakwood.students[place].school.number],
            "external_id": f"{place} {more.get('type')}",
        }
        assert oakwood.report(place, **(given | more)).event


def made(simulator: Simulator) -> tuple[int, int]:
    """Return the calls that count sections and those that read them."""
    calls = simulator.calls()
    return calls.get("count:cc", 0), calls["table:cc"]


def test_of_two_schools_one_may_be_dense(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    report(oakwood, [*NEXT_TO_ONE_ANOTHER, *FAR_APART])
    deliver()
    count = 2 + len(NEXT_TO_ONE_ANOTHER) + len(FAR_APART)
    assert statuses() == {"successful": count}
    # Two dozens of two pages each.
    assert made(simulator) == (2 + 1, 2 * 2 + len(FAR_APART))
    number = {row["id"]: int(row["school_number"]) for row in SEED["students"]}
    written = [(row["studentid"], row["schoolid"]) for row in simulator.journal()]
    assert written == [(student, number[student]) for student, _school in written]
    assert len({student for student, _school in written}) == count
    for student, school in written:
        rows = simulator.attendance(schoolid=school)
        of_student = {row["ccid"] for row in rows if row["studentid"] == student}
        day = simulator.meetings(student, "2026-11-23")
        assert of_student <= {meeting["ccid"] for meeting in day}


def test_students_far_apart_do_not_keep_others_from_being_read_together(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    report(oakwood, FAR_APART)
    deliver()
    close = [n + 1 for n in NEXT_TO_ONE_ANOTHER if n + 1 not in FAR_APART]
    report(oakwood, close)
    deliver()
    assert statuses() == {"successful": 2 + len(FAR_APART) + len(close)}
    assert made(simulator) == (1 + 2, len(FAR_APART) + 2 * 2)
