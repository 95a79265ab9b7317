"""A school day of twenty schools in all modes: nothing is left that nobody explains."""

from __future__ import annotations

from datetime import date

import pytest

from tests.replay.oracle import judge
from tests.replay.run import (
    CLOCKS_BACK,
    CLOCKS_FORWARD,
    compare,
    stage_day,
    unexplained,
)
from tests.replay.tampering import tamper_with_all
from tests.replay.town import SCHOOLS
from vmps.config import Settings
from vmps.simulator.control import Simulator

NOTHING: list[object] = []


@pytest.mark.parametrize(
    ("database_url", "day", "events"),
    [("sqlite", CLOCKS_BACK, 6000), ("postgresql", CLOCKS_FORWARD, 400)],
    indirect=["database_url"],
)
def test_no_difference_is_left_that_the_log_does_not_explain(
    shared_simulator: Simulator, settings: Settings, day: date, events: int
) -> None:
    with stage_day(shared_simulator, settings, day, events) as replay:
        replay.play()
        assert len(replay.accepted) >= events
        assert replay.faults_fired > SCHOOLS
        found = judge(replay)
        assert not found, "\n".join(map(str, found))
        differences = compare(replay, settings)
    assert len(differences) == SCHOOLS
    assert sum(map(len, differences.values())) > SCHOOLS  # failed, not sent, clerks'
    assert unexplained(differences) == NOTHING


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_somebody_changed_behind_our_back_is_named(
    shared_simulator: Simulator, settings: Settings
) -> None:
    with stage_day(shared_simulator, settings, CLOCKS_BACK, 400) as replay:
        replay.is_fair = True
        replay.play()
        tampered = tamper_with_all(replay, settings)
        strange = unexplained(compare(replay, settings))
        complaints = judge(replay)
    assert {(number, name) for number, name, *_ in strange} == set(tampered.values())
    assert {complaint.ps_id for complaint in complaints} == set(tampered)
