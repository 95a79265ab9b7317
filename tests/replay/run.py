"""The replay of one day, from the seed to the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from tests.clock import Watch
from tests.delivery.conftest import make_dispatcher
from tests.replay.day import Day
from tests.replay.script import write_script
from tests.replay.town import SCHOOLS, build_seed, make_town, plan_places
from vmps.config import Settings
from vmps.services import drain as drains
from vmps.services.difference import Difference
from vmps.services.reconcile import reconcile
from vmps.simulator.control import Simulator

#: Sundays, with school: clocks go back an hour, or forward.
CLOCKS_BACK, CLOCKS_FORWARD = date(2026, 11, 1), date(2027, 3, 14)
#: Students beside those with a story.
BYSTANDERS = 12
#: A lost answer need not be waited for long; to compare a whole school may take longer.
SETTINGS = {"CALL_SECONDS": 2, "ATTEMPT_SECONDS": 60}


@contextmanager
def stage_day(
    simulator: Simulator, settings: Settings, day: date, events: int
) -> Iterator[Day]:
    """Build the town of a day in the bound database and on the simulator."""
    seed = build_seed(day, events // SCHOOLS + BYSTANDERS)
    places = plan_places(seed, day, events)
    simulator.seed(seed)
    town = make_town(seed, places, day, simulator.url)
    watch = Watch()
    with patch.object(drains, "database_now", watch):
        yield Day(
            town,
            write_script(places, day),
            simulator,
            lambda: make_dispatcher(settings, watch),
            watch,
        )


def compare(day: Day, settings: Settings) -> dict[int, Sequence[Difference]]:
    """Reconcile every school; return what differs, by school."""
    found = {}
    for number, school in day.town.schools.items():
        result = reconcile(school, day.script.day, settings, now=day.watch.now)
        assert result.unchecked == 0, number
        found[number] = result.differences
    return found


def unexplained(
    differences: Mapping[int, Sequence[Difference]],
) -> list[tuple[int, str, str, str]]:
    """Return what the log does not explain: school, student, our code and theirs."""
    return [
        (number, one.student, one.ours, one.theirs)
        for number, found in differences.items()
        for one in found
        if not one.explanation
    ]
