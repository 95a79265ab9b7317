"""One simulator process for all tests; every test starts with a fresh district."""

from collections.abc import Iterator

import pytest

from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

from .caller import Caller


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    simulator = Simulator.start(tmp_path_factory.mktemp("simulator"))
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """A simulator with a fresh district of two schools."""
    district = invent_district(schools=2, students_per_school=120)
    district["schools"][0]["not_in_session"] = ["2026-11-26"]
    running.seed(district)
    return running


@pytest.fixture
def caller(simulator: Simulator) -> Iterator[Caller]:
    """A plugin that holds a good token."""
    caller = Caller(simulator, invent_district(schools=2, students_per_school=120))
    caller.log_in()
    yield caller
    caller.session.close()


@pytest.fixture
def meeting_caller(running: Simulator) -> Iterator[Caller]:
    """A plugin of a district whose first school takes attendance by meeting."""
    district = invent_district(
        schools=2, students_per_school=60, modes=("meeting", "interval")
    )
    running.seed(district)
    caller = Caller(running, district)
    caller.log_in()
    yield caller
    caller.session.close()
