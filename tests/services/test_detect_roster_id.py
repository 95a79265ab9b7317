"""Detecting what the roster's SIS ID is, against the simulator."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import OAKWOOD_SEED, Oakwood, make_district, make_oakwood
from vmps.config import Settings
from vmps.models import Connection, Lane, RosterId, Student
from vmps.services.detect_roster_id import Detection, detect_roster_id
from vmps.services.problems import Missing, Problem
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

#: One range of numbers for all three kinds, shifted: every number is three students.
SEED = invent_district(schools=2, students_per_school=100)


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A healthy PowerSchool whose ids overlap."""
    shared_simulator.seed(SEED)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture
def oakwood(settings: Settings, simulator: Simulator) -> Oakwood:
    """Oakwood with that district's roster, whose SIS IDs are DCIDs."""
    return make_oakwood(simulator.url, SEED)


Detect = Callable[[], Detection]


@pytest.fixture
def detect(oakwood: Oakwood, settings: Settings) -> Detect:
    """Detect Oakwood's kind."""
    return lambda: detect_roster_id(oakwood.district, settings)


def hold(column: str) -> None:
    """Let the roster hold another kind of id."""
    ids = {str(row["dcid"]): str(row[column]) for row in SEED["students"]}
    for student in list(Student.select()):
        Student.update(sis_id=f"new {ids[student.sis_id]}").where(
            Student.id == student.id
        ).execute()
    for student in list(Student.select()):
        student.sis_id = student.sis_id.removeprefix("new ")
        student.save()


@pytest.mark.parametrize("kind", list(RosterId))
def test_each_kind_is_told_from_the_others(detect: Detect, kind: RosterId) -> None:
    if kind is not RosterId.DCID:
        hold(kind.value)
    found = detect()
    by_kind = {tally.kind: tally for tally in found.tallies}
    assert found.kind is kind
    assert by_kind[kind].matched == found.asked == 100
    others = [tally for other, tally in by_kind.items() if other is not kind]
    assert all(tally.mismatched > 90 for tally in others)


def test_it_takes_few_calls_and_changes_nothing(
    detect: Detect, simulator: Simulator
) -> None:
    detect()
    calls = simulator.calls()
    assert calls.pop("token") == 1
    assert sum(calls.values()) <= 12
    assert Student.select().where(Student.ps_id.is_null(False)).count() == 0


def test_examples_name_both_sides_of_what_is_saved(detect: Detect) -> None:
    Student.update(first_name="Somebody", last_name="Else").execute()
    found = detect()
    assert found.kind is None
    assert len(found.examples) == 3
    assert "in your roster it is Somebody Else" in found.examples[0]


def test_another_district_s_powerschool_fits_no_kind(
    detect: Detect, simulator: Simulator
) -> None:
    simulator.seed(OAKWOOD_SEED | {"client_id": SEED["client_id"]}
                   | {"client_secret": SEED["client_secret"]})  # fmt: skip
    found = detect()
    assert found.kind is None
    assert {tally.matched for tally in found.tallies} == {0}


def test_a_paced_powerschool_is_waited_for(
    detect: Detect, simulator: Simulator
) -> None:
    Lane.update(pace_seconds=0.05).execute()
    simulator.settings(min_interval_ms=50)
    assert detect().kind is RosterId.DCID


def test_a_refused_secret_says_who_does_what(detect: Detect) -> None:
    Connection.update(client_secret_token=Connection.seal("wrong")).execute()
    with pytest.raises(Problem, match="refused") as caught:
        detect()
    assert "District Admin" in caught.value.details[0]


def test_a_powerschool_that_is_away_is_a_problem(detect: Detect) -> None:
    Connection.update(base_url="http://127.0.0.1:1").execute()
    with pytest.raises(Problem, match="could not be reached"):
        detect()


def test_a_roster_without_numbers_has_nothing_to_compare(
    detect: Detect, simulator: Simulator
) -> None:
    Student.update(sis_id=Student.sis_id.concat("-A")).execute()
    with pytest.raises(Problem, match="nothing to compare"):
        detect()
    assert simulator.calls() == {}


def test_without_a_connection_there_is_nobody_to_ask(settings: Settings) -> None:
    with pytest.raises(Missing):
        detect_roster_id(make_district("Elm"), settings)
