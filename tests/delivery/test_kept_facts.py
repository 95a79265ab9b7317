"""What is kept of a school's day for an hour, and what makes us ask before that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of, outcomes
from tests.delivery.timed.school import DAY, LATE, PERIODS
from vmps.config import Settings
from vmps.models import School, Writeback
from vmps.services.check_connection import check_connection
from vmps.services.link import FACTS_SECONDS
from vmps.simulator.control import Simulator

SCHOOL: dict[str, Any] = OAKWOOD_SEED["schools"][0]
CODES: list[dict[str, Any]] = SCHOOL["codes"]
NEW = {"att_code": "N", "description": "New", "presence": "Absent"}
#: The place in this list makes the id.
ANEW = [
    code | ({"yearids": []} if code["att_code"] == "T" else {}) for code in CODES
] + [code for code in CODES if code["att_code"] == "T"]
CODE_CALLS = "query:attendance_code_by_school_date"


def report(oakwood: Oakwood, watch: Watch, student: int = 0) -> int:
    """Report a late check-in of now."""
    event = oakwood.report(student, occurred_at=watch.now, now=watch.now).event
    assert event
    return event


def ids_written(simulator: Simulator) -> list[int]:
    """Return ATTENDANCE_CODE.ID of each write."""
    return [row["attendance_codeid"] for row in simulator.journal()]


@pytest.fixture
def morning(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    """An event was delivered ten minutes ago."""
    report(oakwood, watch)
    deliver()
    assert end_of() == ("successful", None)
    watch.advance(minutes=10)
    simulator.reset_calls()


@pytest.mark.usefixtures("morning")
def test_codes_and_calendar_are_asked_for_once_an_hour(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    for student in range(1, 6):
        report(oakwood, watch, student)
        deliver()
        watch.advance(minutes=10)
    assert CODE_CALLS not in simulator.calls()
    watch.advance(seconds=1)
    report(oakwood, watch, 6)
    deliver()
    assert simulator.calls()[CODE_CALLS] == simulator.calls()["table:calendar_day"] == 1


@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize("others", [0, 12])
def test_a_code_with_another_id_is_written_at_the_second_try(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    others: int,
) -> None:
    simulator.change_school("1817", codes=ANEW)
    events = [report(oakwood, watch, 1 + n) for n in range(1 + others)]
    deliver()
    assert {end_of(event) for event in events} == {("pending", "refused")}
    watch.advance(seconds=6)
    deliver()
    assert {end_of(event) for event in events} == {("successful", None)}
    old, *new = ids_written(simulator)
    assert len(new) == 1 + others
    assert {*new} == {3_600_006}
    assert old == 3_600_002


@pytest.mark.usefixtures("morning")
def test_what_is_refused_twice_needs_a_person(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "status", "status": 400, "on": "write"}])
    event = report(oakwood, watch, 1)
    deliver()
    assert end_of(event) == ("pending", "refused")
    other = report(oakwood, watch, 2)
    deliver()
    assert end_of(other) == ("failed", "refused")  # by what was just read
    watch.advance(seconds=20)  # and is not new any more
    deliver()
    assert end_of(event) == ("failed", "refused")
    assert outcomes() == ["written", "refused", "refused", "refused"]


@pytest.mark.usefixtures("morning")
def test_a_day_off_is_noticed_when_powerschool_refuses_to_write(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.change_school("1817", not_in_session=[DAY])
    event = report(oakwood, watch, 1)
    deliver()
    watch.advance(seconds=6)
    deliver()
    assert end_of(event) == ("failed", "not_in_session")


@pytest.mark.usefixtures("morning")
def test_a_day_off_is_noticed_within_an_hour_and_after_a_test(
    oakwood: Oakwood,
    deliver: Deliver,
    settings: Settings,
    simulator: Simulator,
    watch: Watch,
) -> None:
    simulator.change_school("1817", not_in_session=[DAY])
    settings.attempt_seconds = 20
    check_connection(oakwood.district, settings, actor="test", now=watch.now)
    event = report(oakwood, watch, 1)
    deliver()
    assert end_of(event) == ("failed", "not_in_session")
    simulator.change_school("1817", not_in_session=[])
    watch.advance(seconds=11)
    event = report(oakwood, watch, 2)
    deliver()
    assert end_of(event) == ("successful", None)
    simulator.change_school("1817", not_in_session=[DAY])
    watch.advance(seconds=FACTS_SECONDS + 1)
    event = report(oakwood, watch, 3)
    deliver()
    assert end_of(event) == ("failed", "not_in_session")


@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize("others", [0, 12])
def test_a_code_that_is_new_and_stands_there_already_is_known(
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    others: int,
) -> None:
    simulator.change_school("1817", codes=[*CODES, NEW])
    School.update(replaceable_codes='["N"]').execute()
    simulator.put_attendance(501, 1817, DAY, "N")
    events = [report(oakwood, watch, 1 + n) for n in range(1 + others)]
    deliver()
    assert {end_of(event) for event in events} == {("successful", None)}
    assert Writeback.select().where(Writeback.tries > 0).count() == 0


def test_other_bells_are_noticed_within_an_hour(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.change_school("1817", attendance_mode="time", periods=PERIODS)
    School.update(mode="time").execute()
    for student, minutes_later in enumerate((0, 59, 2)):
        watch.advance(minutes=minutes_later)
        oakwood.report(student, now=watch.now)
        deliver()
        simulator.change_school("1817", half_days=[DAY])
    old, kept, new = (row["total_minutes"] for row in simulator.journal())
    assert old == kept == LATE
    assert new < LATE / 2


@pytest.mark.parametrize("others", [0, 12])
@pytest.mark.parametrize("mode", ["daily", "time"])
def test_bells_that_refuse_an_event_are_asked_for_once_more(  # noqa: PLR0917 a case
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    mode: str,
    others: int,
) -> None:
    School.update(mode=mode).execute()
    short = [{"number": 1, "start": "06:00", "end": "08:20"}]
    simulator.change_school("1817", attendance_mode=mode, periods=short)
    first = report(oakwood, watch)
    deliver()
    watch.advance(minutes=10)
    refused = report(oakwood, watch, 1)
    deliver()
    assert [end_of(first)[0], *end_of(refused)] == [
        "successful",
        "failed",
        "outside_day",
    ]
    watch.advance(seconds=11)
    simulator.change_school("1817", attendance_mode=mode, periods=PERIODS)
    events = [report(oakwood, watch, 2 + n) for n in range(1 + others)]
    deliver()
    assert {end_of(event) for event in events} == {("successful", None)}
