"""School Building Setup: selected schools set together, and long lists."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast
from vmps.models import School, User

from .conftest import connect
from .setup_form import URL, filled, find, save, summary
from .visitor import Page, Visitor

APPLY = {"apply": "1"}
#: Measured: 0.04 to 0.14 s on either engine; a busy machine may take longer.
LONGEST_SECONDS = 3.0


@pytest.fixture
def alice(cast: Cast, browse: Callable[[User], Visitor]) -> Visitor:
    connect(cast.oakwood)
    return browse(cast.alice)


def apply(visitor: Visitor, *selected: School, **changes: Any) -> Page:
    ids = [str(school.id) for school in selected]
    return save(visitor, **APPLY, selected=ids, **changes)


def test_the_selected_schools_get_the_mode(cast: Cast, alice: Visitor) -> None:
    first, second, third = cast.schools.values()
    assert apply(alice, first, second, together_mode="time").status == 303
    assert [find(s).mode for s in (first, second, third)] == ["time", "time", "daily"]


def test_the_selected_schools_get_the_status(cast: Cast, alice: Visitor) -> None:
    first, second, third = cast.schools.values()
    apply(alice, first, third, together_status="disabled")
    found = [find(s).is_enabled for s in (first, second, third)]
    assert found == [False, True, False]
    apply(alice, first, together_status="enabled")
    assert find(first).is_enabled


def test_all_schools_need_no_ticks(cast: Cast, alice: Visitor) -> None:
    apply(alice, together="all", together_mode="meeting")
    assert {find(s).mode for s in cast.schools.values()} == {"meeting"}
    assert find(cast.birch_school).mode == "daily"


def test_apply_saves_the_page_s_other_changes_too(cast: Cast, alice: Visitor) -> None:
    first, second, _ = cast.schools.values()
    apply(alice, first, together_mode="time", **{f"mode-{second.id}": "meeting"})
    assert (find(first).mode, find(second).mode) == ("time", "meeting")


def test_selecting_nothing_says_so_and_loses_nothing(
    cast: Cast, alice: Visitor
) -> None:
    first = cast.schools["1817"]
    page = apply(alice, together_mode="time", **{f"mode-{first.id}": "meeting"})
    assert page.status == 422
    assert summary(page).startswith("Select the schools to set")
    form = page.form("#schools-form")
    assert (form["together_mode"], form[f"mode-{first.id}"]) == ("time", "meeting")
    assert find(first).mode == "daily"


def test_choosing_nothing_to_set_says_so(cast: Cast, alice: Visitor) -> None:
    first = cast.schools["1817"]
    page = apply(alice, first)
    assert summary(page).startswith("Choose a mode, a status or")
    assert page.one(f"#selected-{first.id}").has_attr("checked")


def test_the_same_rules_hold_as_for_save(cast: Cast, alice: Visitor) -> None:
    first, second, _ = cast.schools.values()
    School.update(mode=None, is_enabled=False).where(School.id == first.id).execute()
    page = apply(alice, first, second, together_status="enabled")
    assert page.status == 422
    assert "Choose the Attendance Mode that School 1817 uses" in summary(page)
    assert not find(first).is_enabled


def test_building_admins_set_schools_one_by_one(
    cast: Cast, alice: Visitor, browse: Callable[[User], Visitor]
) -> None:
    bob = browse(cast.bob)
    assert not bob.get(URL).all("#schools-together")
    assert not bob.get(URL).all("input[name=selected]")
    assert apply(bob, cast.schools["1817"], together_mode="time").status == 403
    assert find(cast.schools["1817"]).mode == "daily"


@pytest.mark.parametrize("is_htmx", [False, True])
def test_two_hundred_schools_are_saved_in_one_go(
    cast: Cast, alice: Visitor, is_htmx: bool
) -> None:
    School.insert_many(
        {"district": cast.oakwood.id, "number": str(n), "name": f"School {n}"}
        for n in range(3000, 3197)
    ).execute()
    ids = [school.id for school in School.select() if school.mode is None]
    sent = filled(alice, **{f"mode-{school_id}": "daily" for school_id in ids})
    began = time.monotonic()
    assert alice.post(URL, sent, htmx=is_htmx).status == 303
    assert time.monotonic() - began < LONGEST_SECONDS
    assert not School.select().where(School.mode.is_null()).exists()
    assert alice.get(URL).words("#status p") == ["Saved 197 schools."]
