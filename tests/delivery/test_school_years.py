"""No event is ever sent with another year's code: ids follow the event's own day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cast import Oakwood
from tests.clock import Watch
from tests.delivery.conftest import Deliver
from vmps.config import Settings
from vmps.models import School
from vmps.services.import_codes import import_codes
from vmps.simulator.control import Simulator

from .conftest import end_of

#: A Wednesday and the next day; the simulator's ids hold the year.
JUNE = datetime(2027, 6, 30, 13, 30, tzinfo=UTC)
JULY = datetime(2027, 7, 1, 13, 30, tzinfo=UTC)


def years_written(simulator: Simulator) -> dict[str, tuple[int, int]]:
    """Return year and the year of the code's id, by date."""
    return {
        row["att_date"]: (int(row["yearid"]), int(row["attendance_codeid"]) // 100_000)
        for row in simulator.journal()
    }


@pytest.fixture(params=["imported", "stale", "never"])
def imported(
    request: pytest.FixtureRequest, oakwood: Oakwood, settings: Settings
) -> None:
    """The school's codes: of this year, of the year before, or not there at all."""
    if request.param == "never":
        return
    import_codes(oakwood.school, settings=settings, actor="x", now=JUNE)
    if request.param == "stale":
        School.update(codes_year_id=35).execute()


@pytest.mark.usefixtures("imported")
def test_the_first_day_of_a_year_is_written_with_the_new_year_s_id(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    watch.now = JUNE
    oakwood.report(0, occurred_at=JUNE, now=JUNE)
    deliver()
    watch.now = JULY
    oakwood.report(1, occurred_at=JULY, now=JULY)
    deliver()
    assert years_written(simulator) == {
        "2027-06-30": (36, 36),
        "2027-07-01": (37, 37),
    }


@pytest.mark.usefixtures("imported")
def test_an_event_of_june_that_is_sent_in_july_keeps_its_year(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    watch.now = JULY
    oakwood.report(1, occurred_at=JULY, now=JULY)
    deliver()  # the facts of July are cached now
    late = oakwood.report(0, occurred_at=JUNE, now=JULY).event
    deliver()
    assert years_written(simulator) == {
        "2027-06-30": (36, 36),
        "2027-07-01": (37, 37),
    }
    assert end_of(late) == ("successful", None)
