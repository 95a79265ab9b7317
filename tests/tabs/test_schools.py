"""School Building Setup: the list and its one Save."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from vmps.models import Connection, Reason, School, UserSchool

from .setup_form import URL, filled, find, row, save
from .visitor import Visitor

pytestmark = pytest.mark.usefixtures("connected")


def test_a_district_admin_sees_all_schools_and_only_those(alice: Visitor) -> None:
    names = alice.get(URL).words("tbody th")
    assert names == [f"School {n} Number {n}" for n in (1817, 1818, 1819)]


def test_a_building_admin_sees_the_assigned_schools(bob: Visitor) -> None:
    assert len(bob.get(URL).all("tbody tr")) == 2


def test_the_page_says_what_a_status_means_and_that_modes_must_match(
    alice: Visitor,
) -> None:
    page = alice.get(URL)
    text = page.text
    assert page.all("#schools-status a[href='/admin/tracking/codes']")
    assert (
        "The Attendance Mode selected on this page must match the Attendance Mode"
        " selected in the school's PowerSchool instance."
    ) in text
    assert "An Attendance Mode must be selected in order to save." in text
    assert "Enter Late Check-ins and Early Check-outs in PowerSchool by hand." in text
    assert "default Late Check-in and Early Check-out reasons" in text


def test_a_fresh_school_is_enabled_and_says_choose_a_mode(
    cast: Cast, alice: Visitor
) -> None:
    made = School.create(district=cast.oakwood, number="1820", name="Elm")
    page = alice.get(URL)
    assert page.one(f"#enabled-{made.id}").has_attr("checked")
    assert page.words(f"#mode-{made.id} option") == [
        "Choose a mode", "Daily", "Time", "Meeting",
    ]  # fmt: skip
    assert not page.all(f"#mode-{made.id} option[selected]")


def test_untouched_schools_are_never_validated(cast: Cast, alice: Visitor) -> None:
    School.create(district=cast.oakwood, number="1820", name="Elm")
    first = cast.schools["1817"]
    page = save(alice, **{f"mode-{first.id}": "time"})
    assert (page.status, page.location) == (303, URL)
    assert find(first).mode == "time"
    assert alice.get(URL).words("#status p") == ["Saved 1 school."]


def test_nothing_changed_is_said(alice: Visitor) -> None:
    assert save(alice).status == 303
    assert alice.get(URL).words("#status p") == ["No school was changed."]


def test_a_changed_school_without_a_mode_keeps_all_from_being_saved(
    cast: Cast, alice: Visitor
) -> None:
    first, second, _ = cast.schools.values()
    page = save(alice, **{f"mode-{first.id}": "time", f"mode-{second.id}": ""})
    sentence = "Choose the Attendance Mode that School 1818 uses in PowerSchool."
    assert (page.status, find(first).mode) == (422, "daily")
    assert page.words(".field-error") == [f"Error: {sentence}"]
    assert page.one("#schools-panel > .alert-danger a")["href"] == f"#mode-{second.id}"
    assert page.soup.title.get_text().startswith("Error:")


def test_after_an_error_what_was_chosen_is_still_there(
    cast: Cast, alice: Visitor
) -> None:
    first, second, third = cast.schools.values()
    page = save(
        alice,
        **{
            f"mode-{first.id}": "time",
            f"keeps_first-{first.id}": "on",
            f"mode-{second.id}": "",
            f"enabled-{third.id}": None,
        },
    )
    form = page.form("#schools-form")
    assert form[f"mode-{first.id}"] == "time"
    assert form[f"keeps_first-{first.id}"] == "on"
    assert f"enabled-{third.id}" not in form
    assert form[f"loaded-{first.id}"] == "enabled.daily.last"


def test_the_error_belongs_to_its_field(cast: Cast, alice: Visitor) -> None:
    second = cast.schools["1818"]
    field = save(alice, **{f"mode-{second.id}": ""}).one(f"#mode-{second.id}")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == f"error-{second.id}"


def test_the_daily_rule_is_saved(cast: Cast, alice: Visitor) -> None:
    first = cast.schools["1817"]
    save(alice, **{f"keeps_first-{first.id}": "on"})
    assert find(first).keeps_first_code
    save(alice, **{f"keeps_first-{first.id}": None})
    assert not find(first).keeps_first_code


def test_a_school_somebody_else_changed_is_shown_and_the_choice_kept(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    first = cast.schools["1817"]
    mine = filled(alice, **{f"mode-{first.id}": "time"})
    save(bob, **{f"mode-{first.id}": "meeting"})
    page = alice.post(URL, mine)
    assert page.status == 422
    assert (
        "Changed by bob@oakwood.example at 8:14 AM: Daily → Meeting, while you had this"
        " page open. Check it, then save again."
    ) in row(page, first)
    again = page.form("#schools-form")
    assert (again[f"mode-{first.id}"], find(first).mode) == ("time", "meeting")
    assert alice.post(URL, again).status == 303
    assert find(first).mode == "time"


def test_an_untouched_school_keeps_what_somebody_else_saved(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    first, second, _ = cast.schools.values()
    mine = filled(alice, **{f"mode-{second.id}": "time"})
    save(bob, **{f"mode-{first.id}": "meeting"})
    assert alice.post(URL, mine).status == 303
    assert (find(first).mode, find(second).mode) == ("meeting", "time")


def test_a_hand_made_form_reaches_no_other_school(cast: Cast, bob: Visitor) -> None:
    third, stranger = cast.schools["1819"], cast.birch_school
    for school in (third, stranger):
        fields = {
            f"loaded-{school.id}": "enabled.daily.last",
            f"enabled-{school.id}": "on",
            f"mode-{school.id}": "time",
        }
        assert bob.post(URL, fields).status == 404
        assert find(school).mode == "daily"


@pytest.mark.parametrize(
    "fields",
    [
        {"loaded-1": "enabled.weekly.last"},
        {"loaded-1": "enabled"},
        {"loaded-1": "enabled.daily.last", "mode-1": "weekly"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(
    alice: Visitor, fields: dict[str, str]
) -> None:
    assert alice.post(URL, fields).status == 422


def test_names_that_are_no_schools_are_left_alone(alice: Visitor) -> None:
    odd = {"loaded-x": "a.b.c", "loaded-99999999999999999999": "q", "loaded-٣": "z"}
    assert alice.post(URL, odd).status == 303


def test_htmx_gets_the_panel_back(cast: Cast, alice: Visitor) -> None:
    first = cast.schools["1817"]
    page = alice.post(URL, filled(alice, **{f"mode-{first.id}": ""}), htmx=True)
    assert (page.status, len(page.all("#schools-panel"))) == (422, 1)
    assert not page.all("nav")
    assert page.one("[data-focus]").name == "div"


def test_code_lists_are_shown_where_they_are_set(cast: Cast, alice: Visitor) -> None:
    first, second, _ = cast.schools.values()
    School.update(replaceable_codes='["UX", "A"]', protected_codes='["S"]').where(
        School.id == first.id
    ).execute()
    page = alice.get(URL)
    assert "Codes that may be replaced: A, UX" in row(page, first)
    assert "Codes that are never replaced: S" in row(page, first)
    assert "replaced" not in row(page, second)


def test_without_a_connection_there_is_nothing_to_read_or_send(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    mine = filled(alice, **{f"mode-{cast.schools['1817'].id}": "time"})
    Connection.delete().execute()
    assert alice.get(URL).all("main a.btn")[0].get_text() == (
        "Connect PowerSchool in Settings"
    )
    assert "Ask alice@oakwood.example" in bob.get(URL).text
    assert alice.post(URL, mine).status == 409
    assert find(cast.schools["1817"]).mode == "daily"


def test_nobody_s_schools_are_no_table(
    cast: Cast, alice: Visitor, bob: Visitor
) -> None:
    UserSchool.delete().execute()
    assert "No school is assigned to you yet." in bob.get(URL).text
    Reason.delete().execute()
    School.delete().execute()
    page = alice.get(URL)
    assert "Oakwood has no schools yet." in page.text
    assert not page.all("table")
