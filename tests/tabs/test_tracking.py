"""Student Tracking: reasons and their codes, saved all or none, and who may."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from vmps.models import AuditEntry, EventType, Reason, School

from .conftest import Browse
from .reason_page import URL, Desk, find_reason, save, show, status_of
from .visitor import Visitor

LATE = EventType.LATE_CHECK_IN


# What is shown


def test_reasons_stand_under_their_type_with_their_codes(
    bob: Visitor, school: School
) -> None:
    page = show(bob, school)
    assert page.words("caption h3") == [
        "Late Check-in Reasons",
        "Early Check-out Reasons",
    ]
    assert page.words("tbody th") == ["Bus late", "Dentist"]
    assert page.one(f"#code-{find_reason(school).id}")["value"] == "T"


def test_the_picker_holds_the_user_s_schools_only(
    bob: Visitor, cast: Cast, browse: Browse
) -> None:
    assert bob.get(URL).words("#school option") == ["School 1817", "School 1818"]
    assert len(browse(cast.alice).get(URL).words("#school option")) == 3


def test_one_school_needs_no_picker(cast: Cast, browse: Browse) -> None:
    page = browse(cast.charlie).get(URL)
    assert page.all("#school") == []
    assert page.words("#tracking-panel h2") == ["Birch High"]


@pytest.mark.parametrize(
    "wanted", ["1819", "birch", "0", "9" * 20, "9" * 5000, "x", "²"]
)
def test_a_school_that_is_not_the_user_s_is_not_found(
    bob: Visitor, cast: Cast, wanted: str
) -> None:
    ids = {"1819": cast.schools["1819"].id, "birch": cast.birch_school.id}
    wanted = str(ids.get(wanted, wanted))
    assert bob.get(f"{URL}?school={wanted}").status == 404
    if wanted.isascii() and wanted.isdecimal():
        assert bob.post(f"{URL}{wanted}").status == 404
        assert bob.post(f"{URL}{wanted}/order").status == 404


def test_staff_may_not(cast: Cast, browse: Browse, school: School) -> None:
    stella = browse(cast.stella)
    assert show(stella, school).status == 403
    assert stella.post(f"{URL}{school.id}").status == 403
    assert stella.post(f"{URL}{school.id}/order").status == 403


def test_a_user_without_schools_is_told_who_assigns_them(
    bob: Visitor, cast: Cast
) -> None:
    School.delete().where(School.id.in_(School.ids_visible_to(cast.bob))).execute()
    assert "Whoever runs this server" in bob.get(URL).one("#tracking-panel").get_text()


def test_a_disabled_school_s_page_says_what_applies(
    bob: Visitor, school: School
) -> None:
    assert show(bob, school).all("[role=note]") == []
    School.update(is_enabled=False).where(School.id == school.id).execute()
    (note,) = show(bob, school).words("[role=note]")
    assert "nothing is sent to PowerSchool" in note
    assert "Default and custom reasons apply" in note


def test_htmx_gets_the_panel_alone(bob: Visitor, school: School) -> None:
    page = bob.get(f"{URL}?school={school.id}", htmx=True)
    assert page.all("html") == []
    assert page.one("#tracking-panel h2").get_text() == "School 1817"


# Saving


def test_a_code_is_saved_and_audited(bob: Visitor, cast: Cast, school: School) -> None:
    row = find_reason(school)
    answer = save(bob, school, show(bob, school), **{f"code__{row.id}": " TDY "})
    assert (answer.status, find_reason(school).code) == (303, "TDY")
    entry = AuditEntry.get(AuditEntry.action == "reason.saved")
    assert entry.actor == f"user:{cast.bob.id}"
    assert bob.get(answer.location).words("#status") == ["Saved."]


def test_only_changed_rows_are_written(bob: Visitor, school: School) -> None:
    save(bob, school, show(bob, school), **{f"code__{find_reason(school).id}": "X"})
    assert AuditEntry.select().where(AuditEntry.action == "reason.saved").count() == 1


def test_saving_nothing_says_so(bob: Visitor, school: School) -> None:
    answer = save(bob, school, show(bob, school))
    assert bob.get(answer.location).words("#status") == ["Nothing was changed."]


def test_a_code_sends_todays_failed_events_again(
    bob: Visitor, school: School, desk: Desk
) -> None:
    Reason.update(code=None).execute()
    today = [desk.fail("Bus late") for _ in range(3)]
    before = desk.fail("Bus late", days_ago=1)
    page = show(bob, school)
    assert "3 failed today for want of a code." in page.text
    answer = save(bob, school, page, **{f"code__{find_reason(school).id}": "T"})
    assert bob.get(answer.location).words("#status") == [
        "Saved. 3 of today's events are being sent again."
    ]
    assert {status_of(w) for w in today} == {"pending"}
    assert status_of(before) == "failed"


def test_one_event_is_said_in_the_singular(
    bob: Visitor, school: School, desk: Desk
) -> None:
    Reason.update(code=None).execute()
    desk.fail("Bus late")
    page = show(bob, school)
    answer = save(bob, school, page, **{f"code__{find_reason(school).id}": "T"})
    assert "1 of today's events is being sent" in bob.get(answer.location).text


def test_another_code_mends_one_that_powerschool_lacks(
    bob: Visitor, school: School, desk: Desk
) -> None:
    gone = desk.fail("Bus late", cause="code_missing", detail="T")
    save(bob, school, show(bob, school), **{f"code__{find_reason(school).id}": "TDY"})
    assert status_of(gone) == "pending"


def test_a_disabled_school_s_events_stay(
    bob: Visitor, school: School, desk: Desk
) -> None:
    Reason.update(code=None).execute()
    School.update(is_enabled=False).execute()
    stays = desk.fail("Bus late", status="failed", cause="unmapped_reason")
    save(bob, school, show(bob, school), **{f"code__{find_reason(school).id}": "T"})
    assert (find_reason(school).code, status_of(stays)) == ("T", "failed")


def test_an_empty_code_takes_it_off(bob: Visitor, school: School) -> None:
    save(bob, school, show(bob, school), **{f"code__{find_reason(school).id}": " "})
    assert find_reason(school).code is None
    assert "No code yet" in show(bob, school).text


@pytest.mark.parametrize("code", ["EIGHTLTR", "A\tB"])
def test_an_impossible_code_is_refused_beside_its_row_and_nothing_is_saved(
    bob: Visitor, school: School, code: str
) -> None:
    row, other = find_reason(school), find_reason(school, "Dentist")
    typed = {f"code__{row.id}": code, f"code__{other.id}": "XX"}
    page = save(bob, school, show(bob, school), **typed)
    assert (page.status, page.words(f"#code-{row.id}-error")) == (
        422,
        ["Error: An attendance code has up to 7 letters and digits, like T or TDY."],
    )
    assert page.one(f"#code-{other.id}")["value"] == "XX"
    assert [r.code for r in Reason.select().order_by(Reason.id)][:2] == ["T", "ED"]


def test_errors_are_listed_with_links_and_the_title_says_so(
    bob: Visitor, school: School
) -> None:
    row = find_reason(school)
    page = save(bob, school, show(bob, school), **{f"code__{row.id}": "EIGHTLTR"})
    assert page.one("[data-focus] a")["href"] == f"#code-{row.id}"
    assert page.words("title")[0].startswith("Error: ")


@pytest.mark.parametrize("kind", list(EventType))
def test_a_reason_is_added_at_the_end(
    bob: Visitor, school: School, kind: EventType
) -> None:
    typed = {f"label__new__{kind}": " Flood ", f"code__new__{kind}": "T"}
    save(bob, school, show(bob, school), **typed)
    added = find_reason(school, "Flood")
    assert (added.type, added.code, added.position) == (kind, "T", 1)


@pytest.mark.parametrize(
    ("label", "error"),
    [("bus LATE", "There is a reason Bus late already"), ("", "needs a name")],
)
def test_a_reason_that_cannot_be_added_is_refused(
    bob: Visitor, school: School, label: str, error: str
) -> None:
    typed = {f"label__new__{LATE}": label, f"code__new__{LATE}": "X"}
    page = save(bob, school, show(bob, school), **typed)
    assert page.status == 422
    assert error in page.one(f"#code-new-{LATE}-error").get_text()
    assert find_reason(school).code == "T"


def test_a_disabled_school_has_the_default_reasons_beside_its_own(
    bob: Visitor, school: School
) -> None:
    School.update(is_enabled=False).where(School.id == school.id).execute()
    Reason.create(school=school, type=EventType.LATE_CHECK_IN, label="overslept")
    late, early = show(bob, school).all("table.reasons")
    reasons = [" ".join(th.get_text(" ").split()) for th in late.select("tbody th")]
    assert reasons[:2] == ["Transport", "Medical"]
    assert "overslept" in reasons
    assert "Overslept" not in reasons
    assert "Unwell" in early.get_text()


def test_an_enabled_school_has_no_default_reasons(bob: Visitor, school: School) -> None:
    assert "Transport" not in show(bob, school).one("main").get_text()
