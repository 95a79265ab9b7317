"""School Building Setup: Prevent School Overrides, on and off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Cast, make_school
from tests.owed import owe, status_of
from vmps.models import Connection, District, School, User

from .conftest import connect
from .setup_form import URL, filled, find, row, save, summary
from .visitor import Page, Visitor

OVERRIDES = f"{URL}overrides"
OFF = f"{URL}overrides/off"


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The second school is disabled, the third has no mode."""
    connect(cast.oakwood)
    _, second, third = cast.schools.values()
    School.update(is_enabled=False).where(School.id == second.id).execute()
    School.update(mode=None).where(School.id == third.id).execute()
    return cast


@pytest.fixture
def alice(cast: Cast, browse: Callable[[User], Visitor]) -> Visitor:
    return browse(cast.alice)


@pytest.fixture
def bob(cast: Cast, browse: Callable[[User], Visitor]) -> Visitor:
    return browse(cast.bob)


def prevent(visitor: Visitor, mode: str = "meeting") -> Page:
    """Preview it, choose the missing mode, confirm it."""
    form = visitor.get(OVERRIDES).form("#schools-confirm")
    return visitor.post(OVERRIDES, form | dict.fromkeys(_modes(form), mode))


def _modes(form: dict[str, str]) -> list[str]:
    return [name for name in form if name.startswith("mode-")]


def is_prevented(cast: Cast) -> bool:
    return bool(District.get_by_id(cast.oakwood.id).prevents_overrides)


def test_the_label_and_its_state_are_on_the_page(alice: Visitor, bob: Visitor) -> None:
    heading = alice.get(URL).words("#schools-overrides h2")
    assert heading == ["Prevent School Overrides: Off"]
    assert not bob.get(URL).all("#schools-overrides")


def test_the_preview_lists_what_changes_and_changes_nothing(
    cast: Cast, alice: Visitor
) -> None:
    link = alice.get(URL).one("#schools-overrides a")["href"]
    page = alice.get(str(link))
    assert page.words("#schools-confirm li") == ["School 1818 (1818)"]
    assert page.words("#schools-confirm label") == ["School 1819 (1819)"]
    assert not is_prevented(cast)


def test_confirm_turns_it_on(cast: Cast, alice: Visitor) -> None:
    assert prevent(alice).location == URL
    page = alice.get(URL)
    assert page.words("#status p") == [
        "Prevent School Overrides is on. Saved 2 schools."
    ]
    assert page.words("#schools-overrides h2") == ["Prevent School Overrides: On"]
    assert {find(s).mode for s in cast.schools.values()} == {"daily", "meeting"}
    assert all(find(s).is_enabled for s in cast.schools.values())


def test_confirm_asks_for_a_missing_mode(cast: Cast, alice: Visitor) -> None:
    page = prevent(alice, mode="")
    third = cast.schools["1819"]
    sentence = "Choose the Attendance Mode that School 1819 uses in PowerSchool."
    assert page.status == 422
    assert page.words(".field-error") == [f"Error: {sentence}"]
    assert page.one(f"#mode-{third.id}")["aria-invalid"] == "true"
    assert not is_prevented(cast)


def test_a_school_added_meanwhile_shows_the_preview_again(
    cast: Cast, alice: Visitor
) -> None:
    form = alice.get(OVERRIDES).form("#schools-confirm")
    form = form | dict.fromkeys(_modes(form), "time")
    made = make_school(cast.oakwood, "1820", mode=None)
    page = alice.post(OVERRIDES, form)
    assert page.status == 422
    assert "Schools were added or changed" in page.text
    again = page.form("#schools-confirm")
    third = cast.schools["1819"]
    assert (again[f"mode-{third.id}"], again[f"mode-{made.id}"]) == ("time", "")
    assert alice.post(OVERRIDES, again | {f"mode-{made.id}": "daily"}).status == 303
    assert is_prevented(cast)


def test_a_confirm_without_a_preview_is_shown_one(cast: Cast, alice: Visitor) -> None:
    assert alice.post(OVERRIDES).status == 422
    assert not is_prevented(cast)


@pytest.mark.parametrize("path", [OVERRIDES, OFF])
def test_building_admins_cannot_switch_it(
    cast: Cast, alice: Visitor, bob: Visitor, path: str
) -> None:
    prevent(alice)
    assert bob.post(path).status == 403
    assert bob.get(OVERRIDES).status == 403
    assert is_prevented(cast)


def test_while_on_building_admins_read_who_may_change_it(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    prevent(alice)
    page = bob.get(URL)
    assert "You can read this page, not change it." in page.text
    assert "ask alice@oakwood.example" in page.text
    assert not page.all("main form, main select, main input, main button")
    assert row(page, cast.schools["1818"]).startswith("School 1818 Number 1818 Enabled")


def test_while_on_a_building_admin_s_hand_made_save_is_refused(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    first = cast.schools["1817"]
    mine = filled(bob, **{f"mode-{first.id}": "time", f"enabled-{first.id}": None})
    prevent(alice)
    for htmx in (False, True):
        page = bob.post(URL, mine, htmx=htmx)
        assert page.status == 422
        assert "only a District Admin changes this page" in page.text
    assert (find(first).mode, find(first).is_enabled) == ("daily", True)


def test_while_on_building_admins_find_today_s_in_the_log(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    first = cast.schools["1817"]
    held = owe(first, status="not_sent", cause="school_disabled")
    prevent(alice)
    assert "where you can retry" in bob.get(URL).words("#schools-held a")[0]
    assert bob.post(f"{URL}{first.id}/send").status == 422
    assert status_of(held)[0] == "not_sent"


def test_while_on_district_admins_set_modes_and_no_status(
    cast: Cast, alice: Visitor
) -> None:
    first = cast.schools["1817"]
    prevent(alice)
    page = alice.get(URL)
    assert not page.all("input[type=checkbox][name^=enabled]")
    assert not page.all("#together-status")
    assert save(alice, **{f"mode-{first.id}": "time"}).status == 303
    assert (find(first).mode, find(first).is_enabled) == ("time", True)


def test_while_on_a_hand_made_status_is_refused(cast: Cast, alice: Visitor) -> None:
    first = cast.schools["1817"]
    prevent(alice)
    off = {f"enabled-{first.id}": None}
    together = {"apply": "1", "together": "all", "together_status": "disabled"}
    for changes in (off, together):
        page = save(alice, **changes)
        assert page.status == 422
        assert "School 1817 stays enabled" in summary(page)
    assert find(first).is_enabled


def test_a_school_added_while_on_is_listed_without_a_mode(
    cast: Cast, alice: Visitor
) -> None:
    prevent(alice)
    made = make_school(cast.oakwood, "1820", mode=None)
    page = alice.get(URL)
    assert "Enabled" in row(page, made)
    assert not page.all(f"#mode-{made.id} option[selected]")
    assert save(alice).status == 303


def test_turning_it_off_gives_building_admins_their_choice_back(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    first = cast.schools["1817"]
    prevent(alice)
    form = alice.get(URL).one("#schools-overrides form")
    assert alice.post(str(form["action"])).location == URL
    assert find(cast.schools["1818"]).is_enabled
    assert save(bob, **{f"enabled-{first.id}": None}).status == 303
    assert not find(first).is_enabled


def test_what_is_on_already_is_not_previewed_again(alice: Visitor) -> None:
    form = alice.get(OVERRIDES).form("#schools-confirm")
    prevent(alice)
    assert alice.get(OVERRIDES).location == URL
    page = alice.post(OVERRIDES, form)
    assert page.status == 422
    assert "is on already" in page.text


def test_without_a_connection_it_cannot_be_switched(cast: Cast, alice: Visitor) -> None:
    form = alice.get(OVERRIDES).form("#schools-confirm")
    Connection.delete().execute()
    assert "Connect PowerSchool" in alice.get(OVERRIDES).text
    assert [alice.post(path, form).status for path in (OVERRIDES, OFF)] == [409, 409]
