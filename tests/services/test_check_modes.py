"""Checking the modes against the simulator: by a button, and once a day by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, make_oakwood, make_school, make_user
from tests.owed import attempt, owe
from vmps.config import Settings
from vmps.jobs.mode_checks import ModeChecks
from vmps.models import Connection, Lane, Role, School, User
from vmps.services.check_modes import AT_A_TIME, ModesChecked, check_due_modes
from vmps.services.check_modes import check_modes as check
from vmps.services.observed_modes import find_difference, from_json
from vmps.services.problems import Problem
from vmps.simulator.control import Simulator

FIRST: dict[str, Any] = OAKWOOD_SEED["schools"][0]
SEED = OAKWOOD_SEED | {
    "schools": [
        FIRST | {"recorded_modes": ["meeting"]},
        FIRST | {"number": "1818"},
        FIRST | {"number": "1819"},
    ]
}
MEETING = "ATT_ModeMeeting"


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A healthy PowerSchool with three schools."""
    shared_simulator.seed(SEED)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood, connected; its schools are set to Daily."""
    found = make_oakwood(simulator.url, SEED)
    for number in ("1818", "1819"):
        make_school(found.district, number)
    Connection.update(saved_at=NOW).execute()
    return found


@pytest.fixture
def alice(oakwood: Oakwood) -> User:
    """A district admin."""
    return make_user(oakwood.district)


Check = Callable[..., set[int]]


@pytest.fixture
def check_due(settings: Settings, oakwood: Oakwood) -> Check:
    """Check as the scheduler does, some time after 8:14."""

    def run(*, skipped: tuple[int, ...] = (), **later: float) -> set[int]:
        now = NOW + timedelta(**later)
        return check_due_modes(settings, now=now, skipped=skipped)

    return run


def mark(simulator: Simulator, mode: str, count: int = 12, **more: Any) -> list[int]:
    """Write rows as teachers do, two days ago; return their DCIDs."""
    given = {"schoolid": 1817, "att_date": "2026-11-20", "att_code": "A"} | more
    return [
        simulator.put_attendance(500 + n, att_mode_code=mode, **given)["dcid"]
        for n in range(count)
    ]


def differs(number: str = "1817") -> bool:
    school = School.get(School.number == number)
    observed = from_json(school.observed_modes)
    return find_difference(school.attendance_mode, observed) is not None


def test_rows_in_another_mode_are_a_difference(
    alice: User, simulator: Simulator, settings: Settings
) -> None:
    mark(simulator, MEETING)
    assert check(alice, settings, now=NOW) == ModesChecked(3, 0, 1)
    assert [differs(n) for n in ("1817", "1818", "1819")] == [True, False, False]
    found = from_json(School.get(School.number == "1817").observed_modes)
    assert (found.rows, found.recorded["meeting"]) == ({"meeting": 12}, True)


def test_rows_of_long_ago_say_nothing(
    alice: User, simulator: Simulator, settings: Settings
) -> None:
    mark(simulator, MEETING, att_date="2026-11-02")
    assert check(alice, settings, now=NOW).different == 0


def test_what_we_wrote_ourselves_in_the_wrong_mode_proves_nothing(
    alice: User, oakwood: Oakwood, simulator: Simulator, settings: Settings
) -> None:
    mark(simulator, MEETING)
    ours = mark(simulator, "ATT_ModeDaily", 40, att_code="T")
    for dcid in ours:
        at = NOW - timedelta(days=3)
        attempt(owe(oakwood.school, occurred_at=at, status="successful"), ps_row=dcid)
    assert check(alice, settings, now=NOW).different == 1


def test_of_a_busy_school_the_newest_rows_are_asked_for_too(
    alice: User, simulator: Simulator, settings: Settings
) -> None:
    for day in ("2026-11-11", "2026-11-12", "2026-11-13"):
        mark(simulator, "ATT_ModeDaily", 50, att_date=day)
    mark(simulator, MEETING, 50)
    check(alice, settings, now=NOW)
    found = from_json(School.get(School.number == "1817").observed_modes)
    assert found.rows == {"daily": 100, "meeting": 50}


def test_preferences_that_may_not_be_read_stop_nothing(
    alice: User, simulator: Simulator, settings: Settings
) -> None:
    mark(simulator, MEETING)
    simulator.withdraw("PREFS", "VALUE")
    assert check(alice, settings, now=NOW) == ModesChecked(3, 0, 1)
    simulator.restore_grants()


def test_a_building_admin_checks_their_own_schools(
    oakwood: Oakwood, settings: Settings
) -> None:
    bob = make_user(
        oakwood.district, "bob@oakwood.example", Role.BUILDING_ADMIN, [oakwood.school]
    )
    assert check(bob, settings, now=NOW) == ModesChecked(1, 0, 0)
    assert School.select().where(School.observed_at.is_null()).count() == 2


def test_a_slow_powerschool_leaves_some_for_the_next_press(
    alice: User, simulator: Simulator, settings: Settings
) -> None:
    settings.attempt_seconds, settings.call_seconds = 2.0, 1.5
    simulator.settings(latency_ms=350)
    found = check(alice, settings, now=NOW)
    assert (found.checked, found.left) == (1, 2)
    simulator.settings(latency_ms=0)
    check(alice, settings, now=NOW + timedelta(minutes=1))
    assert not School.select().where(School.observed_at.is_null()).exists()


def test_a_powerschool_that_is_away_is_a_problem(
    alice: User, settings: Settings
) -> None:
    Connection.update(base_url="http://127.0.0.1:1").execute()
    with pytest.raises(Problem, match="could not be reached"):
        check(alice, settings, now=NOW)


def test_each_school_is_looked_at_once_a_day(
    check_due: Check, simulator: Simulator
) -> None:
    assert check_due() == set()
    assert simulator.calls()["table:prefs"] == 3
    check_due(hours=23)
    assert simulator.calls()["table:prefs"] == 3
    check_due(hours=25)
    assert simulator.calls()["table:prefs"] == 6


def test_a_saved_connection_is_looked_at_at_once(
    check_due: Check, simulator: Simulator
) -> None:
    check_due()
    Connection.update(saved_at=NOW + timedelta(minutes=5)).execute()
    check_due(minutes=6)
    assert simulator.calls()["table:prefs"] == 6


def test_a_few_schools_are_looked_at_at_a_time(
    check_due: Check, oakwood: Oakwood, simulator: Simulator
) -> None:
    for number in range(1820, 1826):
        make_school(oakwood.district, str(number))
    check_due()
    assert simulator.calls()["table:prefs"] == AT_A_TIME


@pytest.mark.parametrize(
    "lane",
    [
        {"blocked_reason": "credentials_refused"},
        {"blocked_until": NOW + timedelta(seconds=30)},
        {"lease_until": NOW + timedelta(seconds=10)},
    ],
)
def test_a_lane_that_is_blocked_or_busy_is_let_alone(
    check_due: Check, simulator: Simulator, lane: dict[str, Any]
) -> None:
    Lane.update(lane).execute()
    check_due()
    assert simulator.calls() == {}


def test_disabled_schools_are_not_looked_at(
    check_due: Check, simulator: Simulator
) -> None:
    School.update(is_enabled=False).execute()
    check_due()
    assert simulator.calls() == {}


def test_a_powerschool_that_is_away_is_skipped_for_a_while(
    check_due: Check, oakwood: Oakwood, settings: Settings, simulator: Simulator
) -> None:
    Connection.update(base_url="http://127.0.0.1:1").execute()
    assert check_due() == {oakwood.district.id}
    assert check_due(skipped=(oakwood.district.id,)) == set()
    checks = ModeChecks(settings, lambda: NOW)
    checks.look()
    Connection.update(base_url=simulator.url).execute()
    checks.look()
    assert simulator.calls() == {}


def test_the_scheduler_s_look_checks_what_is_due(
    oakwood: Oakwood, settings: Settings, simulator: Simulator
) -> None:
    mark(simulator, MEETING)
    ModeChecks(settings, lambda: NOW).look()
    assert differs()
