"""Prevent School Overrides: on as previewed, off without a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cast import NOW, Cast, make_cast, make_school
from tests.owed import owe, status_of
from vmps.models import AttendanceMode, AuditEntry, District, School
from vmps.services.prevent_overrides import (
    Outdated,
    allow_overrides,
    prevent_overrides,
    preview_prevention,
)
from vmps.services.problems import Problem
from vmps.services.schools import SchoolChanges, add_school, set_school
from vmps.services.set_up_schools import NotSaved, SetUpSaved

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def cast(settings: Any) -> Cast:
    """The second school is disabled, the third has no mode."""
    cast = make_cast()
    _, second, third = cast.schools.values()
    School.update(is_enabled=False).where(School.id == second.id).execute()
    School.update(mode=None).where(School.id == third.id).execute()
    return cast


def prevent(cast: Cast, modes: Any = None, fingerprint: str = "") -> SetUpSaved:
    third = cast.schools["1819"]
    return prevent_overrides(
        cast.oakwood.id,
        {third.id: AttendanceMode.MEETING} if modes is None else modes,
        fingerprint=fingerprint or preview_prevention(cast.oakwood).fingerprint,
        actor="user:1",
        now=NOW,
    )


def is_prevented(district: District) -> bool:
    return bool(District.get_by_id(district.id).prevents_overrides)


def test_the_preview_names_what_changes(cast: Cast) -> None:
    found = preview_prevention(cast.oakwood)
    assert [school.number for school in found.enabled] == ["1818"]
    assert [school.number for school in found.without_mode] == ["1819"]
    assert found.schools == 3


def test_every_school_is_enabled_and_keeps_its_mode(cast: Cast) -> None:
    prevent(cast)
    schools = School.select().where(School.district == cast.oakwood)
    assert {s.number: (s.is_enabled, s.mode) for s in schools} == {
        "1817": (True, "daily"),
        "1818": (True, "daily"),
        "1819": (True, "meeting"),
    }
    assert is_prevented(cast.oakwood)


def test_it_is_one_entry_for_the_switch_and_one_a_changed_school(cast: Cast) -> None:
    prevent(cast)
    entries = list(AuditEntry.select().order_by(AuditEntry.id))
    actions = [entry.action for entry in entries]
    assert actions == ["district.overrides_prevented", "school.set", "school.set"]
    schools = {json.loads(entry.detail).get("school") for entry in entries[1:]}
    assert schools == {cast.schools[n].id for n in ("1818", "1819")}


def test_another_district_is_left_alone(cast: Cast) -> None:
    School.update(is_enabled=False).where(School.id == cast.birch_school.id).execute()
    prevent(cast)
    assert not is_prevented(cast.birch)
    assert not School.get_by_id(cast.birch_school.id).is_enabled


def test_a_missing_mode_is_asked_for_and_nothing_is_saved(cast: Cast) -> None:
    with pytest.raises(NotSaved) as refused:
        prevent(cast, modes={})
    assert list(refused.value.rows) == [cast.schools["1819"].id]
    assert not is_prevented(cast.oakwood)
    assert not School.get_by_id(cast.schools["1818"].id).is_enabled


@pytest.mark.parametrize("change", ["added", "changed"])
def test_a_confirm_of_an_older_preview_saves_nothing(cast: Cast, change: str) -> None:
    seen = preview_prevention(cast.oakwood).fingerprint
    if change == "added":
        make_school(cast.oakwood, "1820")
    else:
        School.update(mode="time").where(School.number == "1818").execute()
    with pytest.raises(Outdated):
        prevent(cast, fingerprint=seen)
    assert not is_prevented(cast.oakwood)


def test_it_sends_nothing_old(cast: Cast) -> None:
    held = owe(cast.schools["1818"], status="not_sent", cause="school_disabled")
    prevent(cast)
    assert status_of(held) == ("not_sent", "school_disabled")


def test_turning_it_on_twice_is_refused(cast: Cast) -> None:
    prevent(cast)
    with pytest.raises(Problem, match="on already"):
        prevent(cast)


def test_turning_it_off_restores_nothing(cast: Cast) -> None:
    prevent(cast)
    before = list(School.select().order_by(School.id).tuples())
    allow_overrides(cast.oakwood.id, actor="user:1")
    assert not is_prevented(cast.oakwood)
    assert list(School.select().order_by(School.id).tuples()) == before
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert last.action == "district.overrides_allowed"


def test_turning_it_off_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(Problem, match="off already"):
        allow_overrides(cast.oakwood.id, actor="user:1")


def test_a_school_added_while_it_is_on_is_enabled_without_a_mode(cast: Cast) -> None:
    prevent(cast)
    made = add_school(cast.oakwood, "1820", "Elm", timezone=None, actor="operator")
    school = School.get_by_id(made)
    assert (school.is_enabled, school.mode) == (True, None)


def test_the_operator_cannot_disable_a_school_while_it_is_on(cast: Cast) -> None:
    prevent(cast)
    off = SchoolChanges(is_enabled=False)
    with pytest.raises(Problem, match="Prevent School Overrides on"):
        set_school(cast.schools["1817"], off, actor="operator", now=NOW)
    assert School.get_by_id(cast.schools["1817"].id).is_enabled


def test_the_operator_s_other_changes_stay_possible(cast: Cast) -> None:
    prevent(cast)
    mode = SchoolChanges(mode=AttendanceMode.TIME)
    set_school(cast.schools["1817"], mode, actor="operator", now=NOW)
    assert School.get_by_id(cast.schools["1817"].id).mode == "time"
