"""How many calls an event costs, everything counted: a promise, so it is held here."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.calls_per_event import (
    Case,
    count_quiet_day,
    count_singles,
    count_storm,
    storms,
)
from tests.delivery.conftest import Watch
from vmps.config import Settings
from vmps.simulator.control import Simulator

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: Without those whose size makes them slow.
PROMISED = [case for case in storms() if case.at_most and case.due == 200]


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """A busy machine makes no call twice."""
    return config | {"ATTEMPT_SECONDS": 20, "CALL_SECONDS": 10}


@pytest.mark.parametrize("case", PROMISED, ids=lambda case: case.name)
def test_much_that_is_due_goes_in_few_calls(
    shared_simulator: Simulator, settings: Settings, watch: Watch, case: Case
) -> None:
    assert case.at_most
    assert count_storm(case, shared_simulator, settings, watch) <= case.at_most


@pytest.mark.parametrize("mode", ["daily", "time", "meeting"])
def test_a_single_event_is_read_written_and_read_back(
    shared_simulator: Simulator, settings: Settings, watch: Watch, mode: str
) -> None:
    cold, quiet = count_singles(mode, shared_simulator, settings, watch)
    assert max(quiet) <= 3
    assert cold <= 8  # also the token, the student, codes, calendar and bells


@pytest.mark.parametrize("mode", ["daily", "time", "meeting"])
def test_a_quiet_school_s_day_is_asked_for_once_an_hour(
    shared_simulator: Simulator, settings: Settings, watch: Watch, mode: str
) -> None:
    first, *others = count_quiet_day(mode, shared_simulator, settings, watch)
    assert first <= (6 if mode == "time" else 5)
    assert sum(calls > 3 for calls in others) <= 6  # of seven hours
    assert (first + sum(others)) / (1 + len(others)) <= 3.6


@pytest.mark.parametrize("mode", ["daily", "time"])
def test_an_older_plugin_costs_the_pages_that_its_lack_takes(
    shared_simulator: Simulator, settings: Settings, watch: Watch, mode: str
) -> None:
    case = Case(mode, schools=10, has_query=False)
    assert 0.1 < count_storm(case, shared_simulator, settings, watch) <= 0.35


def test_what_cannot_go_in_batches_is_still_read_in_pages(
    shared_simulator: Simulator, settings: Settings, watch: Watch
) -> None:
    case = Case("daily", version="25.1.0.0")
    assert count_storm(case, shared_simulator, settings, watch) <= 1.1
