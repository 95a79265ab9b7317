"""What PowerSchool holds of the past is what the log says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cast import NOW
from tests.demo.places import SMALL, Place, make_place
from vmps.config import Settings
from vmps.demo.districts import BIRCH, DemoDistrict
from vmps.models import School, StudentEvent
from vmps.services.difference import Difference
from vmps.services.reconcile import Reconciliation, reconcile
from vmps.simulator.control import Simulator

SMALL_BIRCH = replace(BIRCH, students_per_school=120, late_share=0.2)


@pytest.fixture(params=[SMALL, SMALL_BIRCH], ids=lambda plan: plan.name)
def place(
    settings: Settings,
    database_url: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Place:
    """Each district with its past."""
    plan: DemoDistrict = request.param
    return make_place(tmp_path / "demo", database_url, plan)


@pytest.fixture
def powerschool(place: Place) -> Iterator[Simulator]:
    """Its PowerSchool with what the past left in it."""
    simulator = place.start_powerschool()
    yield simulator
    simulator.stop()


def reconcile_all(place: Place) -> list[Reconciliation]:
    """Compare every day of every school that has a mode."""
    settings = place.folder.settings()
    days = {event.school_day for event in StudentEvent.select()}
    assert len(days) == 20
    return [
        reconcile(school, day, settings, now=NOW + timedelta(hours=1))
        for school in School.select().where(School.mode.is_null(False))
        for day in sorted(days)
    ]


def unexplained(found: list[Reconciliation]) -> list[Difference]:
    return [difference for one in found for difference in one.unexplained]


def test_reconciliation_finds_nothing_that_the_log_does_not_explain(
    place: Place, powerschool: Simulator
) -> None:
    found = reconcile_all(place)
    assert sum(one.events for one in found) > 500
    assert sum(one.unchecked for one in found) == 0
    assert unexplained(found) == []
    explained = {d.explanation for one in found for d in one.differences}
    assert explained  # what was refused, or not sent in 72 hours


@pytest.mark.parametrize("place", [SMALL_BIRCH], indirect=True)
def test_a_row_that_somebody_takes_away_is_found(
    place: Place, powerschool: Simulator
) -> None:
    row = next(row for row in powerschool.journal() if row["by"] == "plugin")
    same = {name: row[name] for name in ("studentid", "schoolid", "att_date")}
    meeting = {name: row[name] for name in ("ccid", "periodid", "att_mode_code")}
    powerschool.put_attendance(**same, att_code=None, **meeting)
    school = School.get(School.number == str(row["schoolid"]))
    day = date.fromisoformat(row["att_date"])
    found = reconcile(school, day, place.folder.settings(), now=NOW)
    assert len(found.unexplained) == 1
