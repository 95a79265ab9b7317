"""Student Tracking: reasons in order, hidden, renamed, kept for the other status."""

from __future__ import annotations

from tests.cast import Cast
from vmps.models import AuditEntry, EventType, Reason, School

from .conftest import Browse
from .reason_page import URL, Desk, find_reason, save, show, status_of
from .visitor import Page, Visitor

LATE = EventType.LATE_CHECK_IN


def add(school: School, label: str, code: str | None = "T") -> Reason:
    place = Reason.select().where(Reason.school == school, Reason.type == LATE).count()
    return Reason.create(
        school=school, type=LATE, label=label, code=code, position=place
    )


def press(visitor: Visitor, school: School, how: str, reason: Reason) -> Page:
    form = show(visitor, school).form("#tracking-form")
    form["arrange"] = f"{how}-{reason.id}"
    return visitor.post(f"{URL}{school.id}/order", form)


def order(page: Page) -> list[str]:
    """Return the late check-in reasons as they stand, without notes."""
    rows = page.all("table.reasons")[0].select("tbody th")
    return [str(row.contents[0]).strip() for row in rows]


def test_a_reason_moves_up_and_down(bob: Visitor, school: School) -> None:
    flood, snow = add(school, "Flood"), add(school, "Snow")
    assert order(press(bob, school, "up", snow)) == ["Bus late", "Snow", "Flood"]
    assert order(press(bob, school, "up", snow)) == ["Snow", "Bus late", "Flood"]
    assert order(press(bob, school, "up", snow)) == ["Snow", "Bus late", "Flood"]
    assert order(press(bob, school, "down", flood)) == ["Snow", "Bus late", "Flood"]
    assert AuditEntry.select().where(AuditEntry.action == "reason.moved").count() == 4


def test_only_what_stands_beside_it_is_passed(bob: Visitor, school: School) -> None:
    add(school, "Custom", code=None)
    snow = add(school, "Snow")
    page = press(bob, school, "up", snow)
    assert order(page) == ["Snow", "Bus late", "Custom"]


def test_the_buttons_work_without_javascript(bob: Visitor, school: School) -> None:
    add(school, "Flood")
    buttons = show(bob, school).all("button[name=arrange]")
    assert {b["formaction"] for b in buttons} == {f"{URL}{school.id}/order"}
    assert all(b["hx-post"] == b["formaction"] for b in buttons)


def test_enter_in_a_field_saves_and_moves_nothing(bob: Visitor, school: School) -> None:
    first = show(bob, school).all("#tracking-form button")[0]
    assert not first.has_attr("name")
    assert not first.has_attr("formaction")


def test_what_was_typed_is_there_after_a_move(bob: Visitor, school: School) -> None:
    flood = add(school, "Flood")
    form = show(bob, school).form("#tracking-form")
    form |= {f"code-{flood.id}": "LX", "arrange": f"up-{flood.id}"}
    page = bob.post(f"{URL}{school.id}/order", form)
    assert page.one(f"#code-{flood.id}")["value"] == "LX"
    assert find_reason(school, "Flood").code == "T"


def test_the_moved_reason_keeps_the_focus(bob: Visitor, school: School) -> None:
    flood = add(school, "Flood")
    (focused,) = press(bob, school, "up", flood).all("[data-focus]")
    assert focused["value"] == f"down-{flood.id}"  # it is the first one now


def test_a_hidden_reason_stands_apart_and_comes_back(
    bob: Visitor, school: School
) -> None:
    row = find_reason(school)
    page = press(bob, school, "hide", row)
    assert "1 hidden, not offered any more" in page.text
    assert find_reason(school).is_hidden
    assert find_reason(school).code == "T"
    press(bob, school, "show", row)
    assert not find_reason(school).is_hidden


def test_another_school_s_reason_is_not_moved(
    bob: Visitor, cast: Cast, browse: Browse, school: School
) -> None:
    foreign = find_reason(cast.schools["1819"])
    assert press(bob, school, "hide", foreign).status == 404
    assert not find_reason(cast.schools["1819"]).is_hidden


# Names


def rename(visitor: Visitor, school: School, reason: Reason, label: str) -> Page:
    return save(
        visitor, school, show(visitor, school), **{f"label__{reason.id}": label}
    )


def test_a_renamed_reason_s_old_name_is_still_sent(
    bob: Visitor, school: School
) -> None:
    row = find_reason(school)
    assert rename(bob, school, row, " Late bus ").status == 303
    assert (find_reason(school, "Late bus").id, find_reason(school).code) == (
        row.id, "T",
    )  # fmt: skip
    assert find_reason(school).is_hidden


def test_a_name_can_be_taken_back(bob: Visitor, school: School) -> None:
    row = find_reason(school)
    rename(bob, school, row, "Late bus")
    assert rename(bob, school, row, "Bus late").status == 303
    labels = [(r.label, r.is_hidden) for r in Reason.select().where(
        Reason.school == school, Reason.type == LATE).order_by(Reason.id)]  # fmt: skip
    assert labels == [("Bus late", False), ("Late bus", True)]


def test_a_taken_name_is_refused(bob: Visitor, school: School) -> None:
    add(school, "Flood")
    page = rename(bob, school, find_reason(school), "FLOOD")
    assert page.status == 422
    assert "There is a reason Flood already" in page.text
    assert page.all("details[open]")


def test_a_new_name_sends_todays_events_that_carry_it(
    bob: Visitor, school: School, desk: Desk
) -> None:
    waiting = desk.fail("Late bus")
    rename(bob, school, find_reason(school), "Late bus")
    assert status_of(waiting) == "pending"


def test_a_label_with_line_ends_is_not_renamed_by_saving(
    bob: Visitor, school: School
) -> None:
    row = add(school, "Two\nlines", code=None)
    page = show(bob, school)
    typed = {f"label__{row.id}": "Twolines", f"code__{row.id}": "X"}
    save(bob, school, page, **typed)
    assert find_reason(school, "Two\nlines").code == "X"


# The other status's set


def test_both_sets_are_kept_while_the_status_changes(
    bob: Visitor, school: School
) -> None:
    add(school, "Custom", code=None)
    assert "1 without a code, kept for when the school is disabled" in (
        show(bob, school).text
    )
    School.update(is_enabled=False).execute()
    page = show(bob, school)
    assert "1 with a code, kept for when the school is enabled" in page.text
    assert order(page)[-2:] == ["Custom", "Bus late"]
    School.update(is_enabled=True).execute()
    assert [r.code for r in Reason.select().where(Reason.school == school)] == [
        "T", "ED", None,
    ]  # fmt: skip
