"""Reconciliation lists rows of ours that no write reaches any more."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest

from tests.cast import Oakwood
from tests.delivery.conftest import Deliver, Watch
from tests.delivery.meetings.school import EVERYBODY, MEETING_SEED, arrive
from vmps.config import Settings
from vmps.models import Attempt, School
from vmps.services.difference import Difference, Kind
from vmps.services.reconcile import reconcile
from vmps.simulator.control import Simulator

DAY = "2026-11-23"


def left(settings: Settings, watch: Watch) -> list[Difference]:
    day = date.fromisoformat(DAY)
    found = reconcile(School.get(), day, settings, now=watch.now)
    return [one for one in found.differences if one.kind is Kind.LEFT]


@pytest.mark.parametrize(
    ("before", "after"),
    [("daily", "meeting"), ("meeting", "time"), ("time", "daily")],
)
def test_what_the_former_mode_left_is_listed(  # noqa: PLR0917 fixtures
    oakwood: Oakwood,
    deliver: Deliver,
    settings: Settings,
    simulator: Simulator,
    watch: Watch,
    before: str,
    after: str,
) -> None:
    School.update(mode=before).execute()
    arrive(oakwood, "8:14")
    deliver()
    assert left(settings, watch) == []
    calls = simulator.calls()["table:attendance"]
    School.update(mode=after).execute()
    (one,) = left(settings, watch)
    place = f"{before.capitalize()} attendance"
    assert (one.student, one.place, one.theirs) == ("Lopez0, Maria0", place, "T")
    assert one.why == f"Left over from {place}: take it out by hand."
    assert one.writebacks == ()
    assert simulator.calls()["table:attendance"] - calls <= 2


def test_a_clerk_s_own_row_of_another_mode_is_not_listed(
    oakwood: Oakwood,
    deliver: Deliver,
    settings: Settings,
    simulator: Simulator,
    watch: Watch,
) -> None:
    simulator.put_attendance(EVERYBODY[0], 1817, DAY, "T")
    arrive(oakwood, "8:14")
    deliver()
    assert left(settings, watch) == []


def test_what_was_taken_out_by_hand_is_listed_no_more(
    oakwood: Oakwood,
    deliver: Deliver,
    settings: Settings,
    simulator: Simulator,
    watch: Watch,
) -> None:
    School.update(mode="daily").execute()
    arrive(oakwood, "8:14")
    deliver()
    School.update(mode="meeting").execute()
    simulator.put_attendance(EVERYBODY[0], 1817, DAY, None)
    assert left(settings, watch) == []


def test_a_class_that_was_dropped_since_is_listed(
    oakwood: Oakwood,
    deliver: Deliver,
    settings: Settings,
    simulator: Simulator,
    watch: Watch,
) -> None:
    arrive(oakwood, "9:00")
    deliver()
    seed = copy.deepcopy(MEETING_SEED)
    math = seed["schools"][0]["sections"][1]["students"]
    math[math.index(EVERYBODY[0])] = {"id": EVERYBODY[0], "dropped": True}
    simulator.seed(seed)  # rows are gone with it
    slot, code = json.loads(Attempt.get().marks)[0][:2]
    place = dict(zip(("ccid", "periodid"), map(int, slot.split(":")), strict=True))
    place["att_mode_code"] = "ATT_ModeMeeting"
    simulator.put_attendance(EVERYBODY[0], 1817, DAY, code, **place)
    (one,) = left(settings, watch)
    assert (one.place, one.theirs) == ("A class that left the schedule", "T")
