"""A field that Meeting mode needs is withdrawn: only Meeting mode waits for it."""

from __future__ import annotations

import json

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, make_oakwood, make_school
from tests.delivery.conftest import Deliver, Watch, end_of, lane
from tests.delivery.meetings.school import MEETING_SEED, arrive
from vmps.config import Settings
from vmps.models import KioskSchool, School, Student
from vmps.powerschool.plugin import ACCESS_REQUEST, Use
from vmps.simulator.control import Simulator

DAILY_STUDENT = 59
#: Written in Meeting mode alone.
OF_MEETING = [
    r.grant
    for r in ACCESS_REQUEST
    if r.uses == (Use.MEETING,) and r.grant.table != "CC"
][:2]

_STUDENTS = [dict(student) for student in OAKWOOD_SEED["students"]]
_STUDENTS[DAILY_STUDENT]["school_number"] = "1818"
_DAILY = OAKWOOD_SEED["schools"][0] | {"number": "1818", "name": "Oakwood Middle"}
TWO_SCHOOLS = MEETING_SEED | {
    "schools": [*MEETING_SEED["schools"], _DAILY],
    "students": _STUDENTS,
}


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A PowerSchool with a school of each mode."""
    shared_simulator.seed(TWO_SCHOOLS)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood with a school in Meeting mode and one in Daily mode."""
    oakwood = make_oakwood(simulator.url, TWO_SCHOOLS)
    School.update(mode="meeting").execute()
    other = make_school(oakwood.district, "1818")
    KioskSchool.create(kiosk=oakwood.kiosk, school=other)
    moved = oakwood.students[DAILY_STUDENT]
    Student.update(school=other).where(Student.id == moved.id).execute()
    return oakwood


def report_daily(oakwood: Oakwood, watch: Watch) -> int:
    """Report an event of the Daily school; return its id."""
    school = oakwood.view().schools["1818"]
    found = oakwood.report(DAILY_STUDENT, school=school, now=watch.now)
    assert found.event
    return found.event


@pytest.mark.parametrize("grant", OF_MEETING, ids=lambda g: f"{g.table}.{g.field}")
def test_daily_goes_on_and_meeting_heals(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch, grant
) -> None:
    simulator.withdraw(grant.table, grant.field)
    meeting, daily = arrive(oakwood, "9:00"), report_daily(oakwood, watch)
    while deliver():
        pass
    assert end_of(meeting) == ("pending", "fields_not_granted")
    assert end_of(daily) == ("successful", None)
    assert (lane().blocked_reason, set(json.loads(lane().mode_blocks))) == (
        None,
        {"meeting"},
    )
    simulator.restore_grants()
    watch.advance(seconds=301)
    deliver()
    assert end_of(meeting) == ("successful", None)
    assert lane().mode_blocks == "{}"
