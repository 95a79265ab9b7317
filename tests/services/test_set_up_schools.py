"""Saving many schools together: all or none, and never over somebody's head."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOW, Cast, make_cast
from tests.owed import owe, status_of
from vmps import db
from vmps.models import AttendanceMode, AuditEntry, District, School, User
from vmps.services.problems import Missing, Problem
from vmps.services.schools import SchoolChanges, set_school
from vmps.services.set_up_schools import (
    Choice,
    NotSaved,
    SetUp,
    SetUpSaved,
    save_set_up,
)

pytestmark = pytest.mark.usefixtures("settings")
MEETING, TIME = AttendanceMode.MEETING, AttendanceMode.TIME


@pytest.fixture
def cast(settings: Any) -> Cast:
    return make_cast()


def choose(school: School, **more: Any) -> Choice:
    """Return the choice of somebody who sees the school as it is now."""
    loaded = SetUp.of(School.get_by_id(school.id))
    return Choice(school.id, loaded, replace(loaded, **more))


def save(user: User, *choices: Choice) -> SetUpSaved:
    return save_set_up(user, choices, now=NOW)


def mode_of(school: School) -> str | None:
    return School.get_by_id(school.id).mode


def test_all_changed_schools_are_saved_with_who_and_when(cast: Cast) -> None:
    first, second, third = cast.schools.values()
    saved = save(
        cast.alice,
        choose(first, mode=MEETING),
        choose(second, keeps_first=True),
        choose(third),
    )
    assert saved.schools == 2
    assert mode_of(first) == "meeting"
    assert School.get_by_id(second.id).keeps_first_code
    found = [School.get_by_id(s.id).setup_saved_by for s in (first, second, third)]
    assert found == [f"user:{cast.alice.id}"] * 2 + [""]


def test_every_school_has_its_own_audit_entry_with_what_changed(cast: Cast) -> None:
    first, second, _ = cast.schools.values()
    save(cast.alice, choose(first, mode=MEETING), choose(second, is_enabled=False))
    entries = AuditEntry.select().order_by(AuditEntry.id)
    details = [json.loads(entry.detail) for entry in entries]
    counts = {"requeued": 0, "not_sent": 0}
    assert details == [
        {"school": first.id, "mode": "meeting"} | counts,
        {"school": second.id, "is_enabled": False} | counts,
    ]
    assert {entry.action for entry in entries} == {"school.set"}


def test_one_faulty_school_keeps_all_from_being_saved(cast: Cast) -> None:
    first, second, _ = cast.schools.values()
    with pytest.raises(NotSaved) as refused:
        save(cast.alice, choose(first, mode=MEETING), choose(second, mode=None))
    sentence = "Choose the Attendance Mode that School 1818 uses in PowerSchool."
    assert refused.value.rows == {second.id: sentence}
    assert (mode_of(first), mode_of(second)) == ("daily", "daily")
    assert not AuditEntry.select().exists()


def test_a_disabled_school_needs_no_mode(cast: Cast) -> None:
    first = cast.schools["1817"]
    save(cast.alice, choose(first, mode=None, is_enabled=False))
    assert mode_of(first) is None


def test_a_school_that_somebody_else_changed_meanwhile_is_not_saved(
    cast: Cast,
) -> None:
    first, second, _ = cast.schools.values()
    mine, other = choose(first, mode=TIME), choose(second, mode=TIME)
    save(cast.bob, choose(first, mode=MEETING))
    with pytest.raises(NotSaved) as refused:
        save(cast.alice, mine, other)
    assert refused.value.rows == {
        first.id: "Changed by bob@oakwood.example at 8:14 AM: Daily → Meeting, while"
        " you had this page open. Check it, then save again."
    }
    assert refused.value.found[first.id].mode == MEETING
    assert (mode_of(first), mode_of(second)) == ("meeting", "daily")


def test_whoever_was_told_saves_over_it(cast: Cast) -> None:
    first = cast.schools["1817"]
    mine = choose(first, mode=TIME)
    save(cast.bob, choose(first, mode=MEETING))
    with pytest.raises(NotSaved) as refused:
        save(cast.alice, mine)
    save(cast.alice, replace(mine, loaded=refused.value.found[first.id]))
    assert mode_of(first) == "time"


def test_the_operator_s_change_is_noticed_too(cast: Cast) -> None:
    first = cast.schools["1817"]
    mine = choose(first, mode=TIME)
    set_school(first, SchoolChanges(is_enabled=False), actor="operator", now=NOW)
    with pytest.raises(NotSaved, match="Nothing was saved") as refused:
        save(cast.alice, mine)
    assert "by the operator at 8:14 AM: Enabled → Disabled" in refused.value.details[0]


def test_what_was_not_touched_is_not_overwritten(cast: Cast) -> None:
    first, second, _ = cast.schools.values()
    seen, mine = choose(first), choose(second, mode=TIME)
    save(cast.bob, choose(first, mode=MEETING))
    save(cast.alice, seen, mine)
    assert (mode_of(first), mode_of(second)) == ("meeting", "time")


def test_the_same_form_sent_twice_is_saved_once(cast: Cast) -> None:
    mine = choose(cast.schools["1817"], mode=TIME)
    assert [save(cast.alice, mine).schools for _ in range(2)] == [1, 0]
    assert AuditEntry.select().count() == 1


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_school_that_is_not_theirs_is_missing(cast: Cast, who: str) -> None:
    third = cast.schools["1819"]
    with pytest.raises(Missing):
        save(getattr(cast, who), choose(third, mode=TIME))
    assert mode_of(third) == "daily"


def test_a_mode_sends_today_s_failures_for_want_of_one(cast: Cast) -> None:
    first, second, _ = cast.schools.values()
    School.update(mode=None).where(School.id.in_([first.id, second.id])).execute()
    no_mode = {"status": "failed", "cause": "no_mode"}
    mine, yesterday = owe(first, **no_mode), owe(first, days_ago=1, **no_mode)
    other = owe(second, **no_mode)
    saved = save(cast.alice, choose(first, mode=AttendanceMode.DAILY))
    assert saved.requeued == 1
    found = [status_of(n)[0] for n in (mine, yesterday, other)]
    assert found == ["pending", "failed", "failed"]


def test_enabling_sends_them_too_where_the_mode_was_chosen_before(cast: Cast) -> None:
    first = cast.schools["1817"]
    School.update(is_enabled=False).execute()
    failed = owe(first, status="failed", cause="no_mode")
    held = owe(first, status="not_sent", cause="school_disabled")
    save(cast.alice, choose(first, is_enabled=True))
    assert status_of(failed) == ("pending", None)
    assert status_of(held) == ("not_sent", "school_disabled")


def test_disabling_settles_what_waits_at_that_school_only(cast: Cast) -> None:
    first, second, _ = cast.schools.values()
    mine, other, ambiguous = owe(first), owe(second), owe(first, is_ambiguous=True)
    assert save(cast.alice, choose(first, is_enabled=False)).not_sent == 1
    assert status_of(mine) == ("not_sent", "school_disabled")
    assert status_of(other) == status_of(ambiguous) == ("pending", None)


def test_while_overrides_are_prevented_no_school_is_disabled(cast: Cast) -> None:
    District.update(prevents_overrides=True).execute()
    first = cast.schools["1817"]
    with pytest.raises(NotSaved, match="Nothing was saved") as refused:
        save(cast.alice, choose(first, is_enabled=False))
    assert refused.value.rows == {
        first.id: "School 1817 stays enabled: Prevent School Overrides is on."
    }


def test_while_overrides_are_prevented_building_admins_change_nothing(
    cast: Cast,
) -> None:
    District.update(prevents_overrides=True).execute()
    with pytest.raises(Problem, match="only a District Admin"):
        save(cast.bob, choose(cast.schools["1817"], mode=TIME))
    assert mode_of(cast.schools["1817"]) == "daily"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all of them in threads that begin together; return results or errors."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return call()
        except Problem as problem:
            return problem
        finally:
            db.drop_connection()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_of_two_who_save_one_school_at_once_one_is_told(cast: Cast) -> None:
    first = cast.schools["1817"]
    for _ in range(10):
        School.update(mode="daily").execute()
        alice, bob = choose(first, mode=TIME), choose(first, mode=MEETING)
        results = at_once(lambda: save(cast.alice, alice), lambda: save(cast.bob, bob))  # noqa: B023
        assert sorted(type(r).__name__ for r in results) == ["NotSaved", "SetUpSaved"]


def test_a_save_waits_for_one_that_has_begun(cast: Cast) -> None:
    """The second looks only after the first is in the database."""
    first = cast.schools["1817"]
    mine, changed, begun = choose(first, mode=TIME), threading.Event(), []

    def change() -> None:
        with db.transaction():
            set_school(first, SchoolChanges(mode=MEETING), actor="operator", now=NOW)
            changed.set()
            begun.append(threading.Event().wait(0.3))

    def overtake() -> None:
        changed.wait()
        save(cast.alice, mine)

    results = at_once(change, overtake)
    assert isinstance(results[1], NotSaved)
    assert mode_of(first) == "meeting"
