"""Student Tracking: tardy settings, who may change them, and who is often late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.owed import enroll, owe
from vmps.models import AuditEntry, District, School

from .conftest import Browse, Watch
from .visitor import Page, Visitor

URL = "/admin/tracking/tardies"


def save(visitor: Visitor, page: Page, **typed: str) -> Page:
    """Send the list's form with these fields; `__` stands for a hyphen."""
    more = {name.replace("__", "-"): text for name, text in typed.items()}
    return visitor.post(URL, page.form("#tardies-form") | more)


def settings(school: School) -> tuple[str | None, int | None]:
    found = School.get_by_id(school.id)
    return found.late_check_in_time, found.tardy_alert_threshold


def set_one(visitor: Visitor, school: School, late: str, threshold: str) -> Page:
    typed = {f"time__{school.id}": late, f"threshold__{school.id}": threshold}
    return save(visitor, visitor.get(URL), **typed)


@pytest.mark.parametrize("text", ["8:10", "8:10 AM", "08:10"])
def test_a_school_is_set_with_who_and_when(
    bob: Visitor, cast: Cast, school: School, text: str, watch: Watch
) -> None:
    answer = set_one(bob, school, text, "5")
    assert bob.get(answer.location).words("#status") == ["Saved 1 school."]
    assert settings(school) == ("08:10", 5)
    saved = School.get_by_id(school.id)
    assert (saved.tardy_saved_by, saved.tardy_saved_at) == (
        f"user:{cast.bob.id}",
        watch(),
    )
    assert bob.get(URL).one(f"#time-{school.id}")["value"] == "8:10 AM"
    entry = AuditEntry.get(AuditEntry.action == "school.tardies_set")
    assert entry.district_id == cast.oakwood.id


def test_what_cannot_be_read_is_refused_beside_its_row_and_nothing_is_saved(
    bob: Visitor, cast: Cast, school: School
) -> None:
    other = cast.schools["1818"]
    typed = {f"time__{school.id}": "25:00", f"threshold__{school.id}": "x"}
    page = save(bob, bob.get(URL), **typed, **{f"threshold__{other.id}": "4"})
    assert page.status == 422
    (late,) = page.words(f"#time-{school.id}-error")
    (threshold,) = page.words(f"#threshold-{school.id}-error")
    assert late.startswith("Error: “25:00” is no time of day.")
    assert threshold == "Error: The threshold is a whole number from 1 to 365."
    assert len(page.all("[data-focus] li a")) == 2
    assert page.one(f"#threshold-{other.id}")["value"] == "4"
    assert settings(other) == (None, None)


@pytest.mark.parametrize(("name", "typed"), [("time", "25:00"), ("threshold", "x")])
def test_only_the_field_that_cannot_be_read_is_marked(
    bob: Visitor, school: School, name: str, typed: str
) -> None:
    given = {"time": "8:10", "threshold": "3", name: typed}
    page = set_one(bob, school, given["time"], given["threshold"])
    assert [tag["id"] for tag in page.all("[aria-invalid]")] == [f"{name}-{school.id}"]
    told = page.one("[aria-invalid]")["aria-describedby"]
    assert page.all(f"#{told}.field-error")
    assert [a["href"] for a in page.all("[data-focus] a")] == [f"#{name}-{school.id}"]


def test_each_field_for_many_schools_has_its_own_error(alice: Visitor) -> None:
    typed = {"together_time": "8:99", "together_threshold": "0"}
    page = save(alice, alice.get(URL), apply="1", together="all", **typed)
    assert [tag["id"] for tag in page.all("[aria-invalid]")] == list(typed)
    assert len(page.all("#tardies-together .field-error")) == 2


def test_empty_fields_take_the_settings_off(bob: Visitor, school: School) -> None:
    set_one(bob, school, "8:10", "5")
    set_one(bob, school, "", "")
    assert settings(school) == (None, None)


def test_a_district_admin_sets_many_schools_together(
    alice: Visitor, cast: Cast, school: School
) -> None:
    set_one(alice, school, "8:30", "2")
    answer = save(
        alice, alice.get(URL), apply="1", together="all", together_threshold="7"
    )
    assert answer.status == 303
    assert settings(school) == ("08:30", 7)
    assert settings(cast.schools["1819"]) == (None, 7)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"together": "all"}, "Type a time or a threshold"),
        ({"together_time": "8:10"}, "Select the schools to set"),
        ({"together": "all", "together_time": "8:99"}, "is no time of day"),
    ],
)
def test_apply_says_what_is_missing(
    alice: Visitor, school: School, typed: dict[str, Any], said: str
) -> None:
    page = save(alice, alice.get(URL), apply="1", **typed)
    assert page.status == 422
    assert said in page.words("[data-focus]")[0]
    assert settings(school) == (None, None)


def test_a_building_admin_sets_no_schools_together(bob: Visitor) -> None:
    page = bob.get(URL)
    assert page.all("#tardies-together") == []
    assert save(bob, page, apply="1", together="all", together_time="8").status == 403


def test_a_hand_made_form_reaches_no_other_school(bob: Visitor, cast: Cast) -> None:
    other = cast.schools["1819"]
    sent = {f"loaded-{other.id}": ",", f"threshold-{other.id}": "3"}
    assert bob.post(URL, sent).status == 404
    assert settings(other) == (None, None)


def test_what_another_saved_meanwhile_is_told(
    bob: Visitor, cast: Cast, browse: Browse, school: School
) -> None:
    mine = bob.get(URL)
    set_one(browse(cast.alice), school, "8:30", "")
    page = save(bob, mine, **{f"time__{school.id}": "8:10"})
    assert page.status == 422
    (error,) = page.words(f"#error-{school.id}")
    assert "Changed by alice@oakwood.example at 8:14 AM: no time → 8:30 AM" in error
    assert save(bob, page).status == 303
    assert settings(school) == ("08:10", None)


# Prevent School Overrides


def prevent(alice: Visitor) -> Page:
    form = alice.get(f"{URL}/overrides").form("#tardies-confirm")
    return alice.post(f"{URL}/overrides", form)


def test_turning_it_on_shows_what_stays_and_is_audited(
    alice: Visitor, school: School
) -> None:
    set_one(alice, school, "8:10", "5")
    preview = alice.get(f"{URL}/overrides")
    assert "2 schools have neither yet" in preview.text
    assert "School 1817 8:10 AM 5" in preview.words("tbody tr")
    assert prevent(alice).status == 303
    assert District.get(District.name == "Oakwood").prevents_tardy_overrides
    assert settings(school) == ("08:10", 5)
    action = AuditEntry.action == "district.tardy_overrides_prevented"
    assert AuditEntry.select().where(action).count() == 1


def test_building_admins_then_read_only_and_the_server_refuses(
    alice: Visitor, bob: Visitor, school: School
) -> None:
    before = bob.get(URL)
    prevent(alice)
    page = bob.get(URL)
    assert page.all("#tardies-form") == []
    assert "You can read this page, not change it." in page.text
    assert "ask alice@oakwood.example" in page.text
    answer = save(bob, before, **{f"time__{school.id}": "8:10"})
    assert (answer.status, settings(school)) == (422, (None, None))
    assert set_one(alice, school, "8:10", "").status == 303


def test_turning_it_off_gives_them_their_choice_back(
    alice: Visitor, bob: Visitor, school: School
) -> None:
    prevent(alice)
    assert alice.post(f"{URL}/overrides/off").status == 303
    assert set_one(bob, school, "8:10", "").status == 303


def test_a_preview_that_is_out_of_date_is_shown_again(
    alice: Visitor, school: School
) -> None:
    form = alice.get(f"{URL}/overrides").form("#tardies-confirm")
    School.update(tardy_alert_threshold=9).where(School.id == school.id).execute()
    page = alice.post(f"{URL}/overrides", form)
    assert page.status == 422
    assert "Schools were added or changed" in page.text


def test_it_is_not_the_prevention_of_the_set_up(alice: Visitor) -> None:
    prevent(alice)
    assert not District.get(District.name == "Oakwood").prevents_overrides


# Who is often late


def late_days(school: School, days: int, now: datetime, **more: Any) -> None:
    student = enroll(school, first_name="Rosa", last_name=f"Diaz{days}", **more)
    for days_ago in range(days):
        owe(school, student=student, occurred_at=now - timedelta(days=days_ago))


def test_students_at_the_threshold_are_on_the_school_s_page(
    bob: Visitor, cast: Cast, school: School, watch: Watch
) -> None:
    late_days(school, 3, watch())
    late_days(school, 2, watch())
    late_days(cast.schools["1818"], 4, watch())
    School.update(tardy_alert_threshold=3).execute()
    page = bob.get(f"/admin/tracking/{school.id}/tardies")
    assert page.words(".tardies tbody tr") == ["Rosa Diaz3 3 Nov 23, 2026"]
    assert "Students with 3 or more tardies in 2026-27" in page.text


def test_without_settings_the_page_says_what_they_would_do(
    bob: Visitor, school: School
) -> None:
    page = bob.get(f"/admin/tracking/{school.id}/tardies")
    assert "every late check-in counts as a tardy" in page.text
    assert "Neither changes what is sent to PowerSchool" in page.text


@pytest.mark.usefixtures("connected")
def test_the_log_marks_a_check_in_before_the_time(bob: Visitor, school: School) -> None:
    late = owe(school)
    address = f"/admin/powerschool/logs/{late.id}"
    words = "Before the Late Check-in Time, 8:15 AM: no tardy"
    School.update(late_check_in_time="08:15").execute()
    assert words in bob.get(address).text
    School.update(late_check_in_time=time(8, 14).isoformat("minutes")).execute()
    assert "Late Check-in Time" not in bob.get(address).text
