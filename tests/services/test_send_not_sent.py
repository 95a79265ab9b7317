"""Sending today's events that a school did not send while it was disabled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import NOW, Cast, make_cast
from tests.owed import owe, status_of
from vmps.models import AuditEntry, District, Intervention, School
from vmps.services import bell
from vmps.services.problems import Missing, Problem
from vmps.services.send_not_sent import send_not_sent

pytestmark = pytest.mark.usefixtures("settings")
HELD = {"status": "not_sent", "cause": "school_disabled"}


@pytest.fixture
def cast(settings: Any) -> Cast:
    return make_cast()


@pytest.fixture
def rung() -> Iterator[list[int]]:
    districts: list[int] = []
    bell.bind(districts.append)
    yield districts
    bell.bind(lambda _: None)


def test_only_today_s_of_that_school_and_cause_are_sent(
    cast: Cast, rung: list[int]
) -> None:
    first, second, _ = cast.schools.values()
    mine = owe(first, **HELD)
    others = [
        owe(first, days_ago=1, **HELD),
        owe(first, status="not_sent", cause="entered_by_hand"),
        owe(first, voided_at=NOW, **HELD),
        owe(second, **HELD),
    ]
    assert send_not_sent(cast.bob, first.id, now=NOW) == 1
    assert status_of(mine) == ("pending", None)
    assert {status_of(n)[0] for n in others} == {"not_sent"}
    assert rung == [cast.oakwood.id]


def test_it_is_written_down_by_whom(cast: Cast) -> None:
    first = cast.schools["1817"]
    mine = owe(first, **HELD)
    send_not_sent(cast.bob, first.id, now=NOW)
    entry, actor = AuditEntry.get(), f"user:{cast.bob.id}"
    assert (entry.action, entry.actor) == ("writebacks.retried", actor)
    assert json.loads(entry.detail) == {"school": first.id, "ids": [mine.id]}
    done = Intervention.get()
    assert (done.writeback_id, done.actor, done.action) == (mine.id, actor, "retried")


def test_the_day_is_the_school_s_own(cast: Cast) -> None:
    """At 10 PM in Chicago the date of UTC is another one already."""
    first = cast.schools["1817"]
    late = NOW.replace(hour=4, day=24)
    mine = owe(first, **HELD)
    assert send_not_sent(cast.alice, first.id, now=late) == 1
    assert status_of(mine)[0] == "pending"


def test_nothing_to_send_is_nothing_written_down(cast: Cast) -> None:
    assert send_not_sent(cast.alice, cast.schools["1817"].id, now=NOW) == 0
    assert not AuditEntry.select().exists()


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_school_that_is_not_theirs_is_missing(cast: Cast, who: str) -> None:
    third = cast.schools["1819"]
    held = owe(third, **HELD)
    with pytest.raises(Missing):
        send_not_sent(getattr(cast, who), third.id, now=NOW)
    assert status_of(held)[0] == "not_sent"


@pytest.mark.parametrize(
    ("columns", "reason"),
    [({"is_enabled": False}, "is disabled"), ({"mode": None}, "Attendance Mode")],
)
def test_a_school_that_is_not_ready_sends_nothing(
    cast: Cast, columns: dict[str, Any], reason: str
) -> None:
    School.update(columns).execute()
    held = owe(cast.schools["1817"], **HELD)
    with pytest.raises(Problem, match=reason):
        send_not_sent(cast.alice, cast.schools["1817"].id, now=NOW)
    assert status_of(held)[0] == "not_sent"


def test_while_overrides_are_prevented_a_building_admin_sends_nothing(
    cast: Cast,
) -> None:
    District.update(prevents_overrides=True).execute()
    held = owe(cast.schools["1817"], **HELD)
    with pytest.raises(Problem, match="only a District Admin"):
        send_not_sent(cast.bob, cast.schools["1817"].id, now=NOW)
    assert status_of(held)[0] == "not_sent"
    assert send_not_sent(cast.alice, cast.schools["1817"].id, now=NOW) == 1
