"""Without the template query, students of a school are read together where that pays.

Sections and attendance of all between two ids come in pages; nobody's are mixed up,
and whom reading together fails is read alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import pytest

from tests.cast import Oakwood, make_oakwood, statuses
from tests.delivery.conftest import Deliver, lane, outcomes
from tests.delivery.meetings.conftest import QUERY
from tests.delivery.meetings.school import (
    BY_INTERVAL,
    DOUBLED,
    DROPPED,
    EVERYBODY,
    MEETING_SEED,
    arrive,
    held,
    leave,
    mark,
)
from vmps.config import Settings
from vmps.models import School, Writeback
from vmps.services.drain import Dispatcher, drain
from vmps.simulator.control import Simulator

Json = dict[str, Any]
#: Each has five sections: these are three pages, and reading them together is one read.
SOME = range(5, len(EVERYBODY), 5)
ALL = range(1, len(EVERYBODY))
SECTIONS, ROWS = "/ws/schema/table/cc", "/ws/schema/table/attendance"
ATTEMPT_SECONDS = 8
COMMENT = "Left with an aunt"


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """Time enough for pages; what hangs is waited for a quarter of it."""
    return config | {"ATTEMPT_SECONDS": ATTEMPT_SECONDS}


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A school of meetings without the query."""
    shared_simulator.seed(MEETING_SEED)
    shared_simulator.settings(missing_queries=[QUERY])
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood in Meeting mode."""
    oakwood = make_oakwood(simulator.url, MEETING_SEED)
    School.update(mode="meeting", protected_codes='["S"]').execute()
    return oakwood


@pytest.fixture
def deliver(deliver: Deliver, oakwood: Oakwood, simulator: Simulator) -> Deliver:
    """Drain a lane that has found out already that there is no query."""
    find_out(oakwood, deliver, simulator)
    return deliver


def find_out(oakwood: Oakwood, deliver: Deliver, simulator: Simulator) -> None:
    arrive(oakwood, "8:06")
    deliver()
    assert statuses() == {"successful": 1}
    simulator.reset_calls()


def leave_all(oakwood: Oakwood, students: Iterable[int]) -> None:
    for student in students:
        leave(oakwood, "9:00", student)


def reads(simulator: Simulator) -> tuple[int, int, int]:
    """Return the calls for counts of sections, for sections and for attendance."""
    made = simulator.calls()
    names = "count:cc", "table:cc", "table:attendance"
    counts, sections, rows = (made.get(name, 0) for name in names)
    return counts, sections, rows


def classes_of(student: int) -> dict[str, str]:
    """Return what a dismissal at nine leaves of a student's day."""
    last = "P4/1" if student == BY_INTERVAL else "P4"
    names = ["P3", last] if student == DROPPED else ["P2", "P3", last]
    return dict.fromkeys(names, "ED")


def test_a_dense_school_is_read_in_few_pages(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    leave_all(oakwood, ALL)
    deliver()
    assert statuses() == {"successful": len(EVERYBODY)}
    counts, sections, rows = reads(simulator)
    assert counts == sections == 5
    assert rows <= 5 + 2  # and to read back
    others = [student for student in ALL if student != DOUBLED]
    found = {student: held(simulator, student) for student in others}
    assert found == {student: classes_of(student) for student in others}
    both = [r for r in simulator.attendance() if r["studentid"] == EVERYBODY[DOUBLED]]
    assert len(both) == len({(row["ccid"], row["periodid"]) for row in both}) == 4


def test_what_stands_there_is_its_own_student_s(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    protected, marked = SOME[3], SOME[5]
    mark(simulator, 3, "S", student=protected)
    mark(simulator, 3, "ED", student=marked, comment=COMMENT)
    mark(simulator, 3, "S", student=protected + 1)  # is not due
    leave_all(oakwood, SOME)
    deliver()
    assert reads(simulator)[:2] == (1, 3)
    assert held(simulator, protected) == classes_of(protected) | {"P3": "S"}
    neighbours = [student for student in SOME if student != protected]
    found = {student: held(simulator, student) for student in neighbours}
    assert found == {student: classes_of(student) for student in neighbours}
    (kept,) = [r for r in simulator.attendance() if COMMENT in (r["att_comment"] or "")]
    assert kept["studentid"] == EVERYBODY[marked]


def test_few_are_read_one_by_one(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    leave_all(oakwood, [1, 2, 3])
    deliver()
    assert reads(simulator)[:2] == (0, 3)


def test_with_the_query_again_nobody_is_counted(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, monkeypatch
) -> None:
    simulator.settings(missing_queries=[])
    monkeypatch.setattr("vmps.powerschool.meetings.Meetings.reads_template", True)
    leave_all(oakwood, SOME)
    deliver()
    assert statuses() == {"successful": 1 + len(SOME)}
    assert reads(simulator)[:2] == (0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "place",
    [{"on": SECTIONS}, {"on": SECTIONS, "skip": 2}, {"on": ROWS}],
    ids=["the count", "a page in the middle", "the last call"],
)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 400},
        {"kind": "status", "status": 403},
        {"kind": "status", "status": 500},
        {"kind": "truncated_json"},
        {"kind": "reset_before"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}".strip(),
)
def test_whom_a_call_fails_is_read_alone_at_once(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, place: Json, fault: Json
) -> None:
    simulator.faults([fault | place | {"times": 1}])
    leave_all(oakwood, SOME)
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert statuses() == {"successful": 1 + len(SOME)}
    assert set(outcomes()) == {"written"}
    counts, sections, _rows = reads(simulator)
    assert counts == 1
    assert sections >= len(SOME)
    found = {student: held(simulator, student) for student in SOME}
    assert found == {student: classes_of(student) for student in SOME}


def test_a_page_that_hangs_is_not_waited_for_long(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    """Or no time would be left for the writes, which are a call each."""
    hangs = {"kind": "black_hole", "seconds": 30, "on": SECTIONS, "times": 1}
    simulator.faults([hangs | {"skip": 2}])
    leave_all(oakwood, SOME)
    began = time.monotonic()
    deliver()
    assert time.monotonic() - began < 0.8 * ATTEMPT_SECONDS
    assert statuses() == {"successful": 1 + len(SOME)}
    assert set(outcomes()) == {"written"}


def test_after_a_failure_the_school_is_read_alone_for_a_while(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    fault = {"kind": "status", "status": 500, "on": SECTIONS, "times": 1}
    simulator.faults([fault])
    leave_all(oakwood, SOME)
    deliver()
    leave_all(oakwood, [student + 1 for student in SOME])
    deliver()
    assert reads(simulator)[0] == 1
    assert statuses() == {"successful": 1 + 2 * len(SOME)}


def test_a_page_that_is_throttled_stops_the_lane_and_costs_no_try(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    fault = {"kind": "status", "status": 429, "on": SECTIONS, "times": 1, "skip": 2}
    simulator.faults([fault])
    leave_all(oakwood, SOME)
    deliver()
    assert lane().blocked_reason == "throttled"
    assert statuses() == {"successful": 1, "pending": len(SOME)}
    assert {w.tries for w in Writeback.select() if w.status == "pending"} == {0}


def test_a_column_that_only_ranges_need_stops_nothing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.withdraw("CC", "SCHOOLID")
    leave_all(oakwood, SOME)
    deliver()
    simulator.restore_grants()
    assert statuses() == {"successful": 1 + len(SOME)}


def test_a_column_that_is_missing_stops_the_mode(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.withdraw("CC", "DATELEFT")
    leave_all(oakwood, SOME)
    deliver()
    simulator.restore_grants()
    assert statuses() == {"successful": 1, "pending": len(SOME)}
    assert "meeting" in lane().mode_blocks


def test_a_student_of_more_than_a_page_of_sections_keeps_them(
    oakwood: Oakwood, simulator: Simulator, dispatcher: Dispatcher
) -> None:
    crowded = EVERYBODY[SOME[4]]
    school = MEETING_SEED["schools"][0]
    more = [{"expression": "4(A-B)", "students": [crowded]} for _ in range(110)]
    sections = [*school["sections"], *more]
    simulator.seed(MEETING_SEED | {"schools": [school | {"sections": sections}]})
    simulator.settings(missing_queries=[QUERY])
    find_out(oakwood, lambda: drain(oakwood.district.id, dispatcher), simulator)
    leave_all(oakwood, SOME)
    drain(oakwood.district.id, dispatcher)
    assert reads(simulator)[:2] == (1, 4)
    assert statuses() == {"successful": 1 + len(SOME)}
    written = [row["studentid"] for row in simulator.journal()]
    assert written.count(crowded) == 3 + 110
    assert len(written) == 1 + 3 * len(SOME) + 110
