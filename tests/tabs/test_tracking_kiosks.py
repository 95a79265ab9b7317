"""Student Tracking: reasons that kiosks sent, and two people at once."""

from __future__ import annotations

from playhouse.test_utils import count_queries

from tests.cast import NOW, Cast
from tests.threads import at_once
from vmps.models import AuditEntry, EventType, Reason, School, Writeback
from vmps.services.list_reasons import list_reasons
from vmps.services.problems import Problem
from vmps.services.reasons import Added, Mapped, save_reasons
from vmps.services.void import void_event

from .conftest import Browse
from .reason_page import URL, Desk, find_reason, save, show, status_of
from .visitor import Page, Visitor


def unknown(page: Page) -> list[str]:
    return page.words(".unknown-reasons tbody th")


def code_field(page: Page) -> str:
    """Return the name of the first unknown reason's field, `__` for its hyphens."""
    (field, *_) = page.all(".unknown-reasons input")
    return str(field["name"]).replace("-", "__")


def test_an_unknown_reason_is_shown_with_how_often_it_came(
    bob: Visitor, school: School, desk: Desk
) -> None:
    for _ in range(3):
        desk.fail("Rainstorm")
    desk.fail("Flood", days_ago=2, type=EventType.EARLY_CHECK_OUT)
    assert unknown(show(bob, school)) == [
        "Rainstorm Late Check-in, 3 today",
        "Flood Early Check-out, 0 today, 1 in the last 7 days",
    ]


def test_spellings_of_one_reason_count_together(
    bob: Visitor, school: School, desk: Desk
) -> None:
    for label in ("RAINSTORM", "Rainstorm", "Rainstorm"):
        desk.fail(label)
    assert unknown(show(bob, school)) == ["Rainstorm Late Check-in, 3 today"]


def test_known_old_mended_and_voided_ones_are_not_shown(
    bob: Visitor, school: School, desk: Desk
) -> None:
    desk.fail("BUS late")
    desk.fail("Old", days_ago=7)
    desk.fail("Sent", status="successful", cause=None)
    void_event(Writeback.get_by_id(desk.fail("Void")).event.id, actor="x", now=NOW)
    assert unknown(show(bob, school)) == []


def test_another_school_s_are_not_shown(bob: Visitor, cast: Cast, desk: Desk) -> None:
    desk.fail("Rainstorm")
    assert unknown(show(bob, cast.schools["1818"])) == []


def test_events_without_any_reason_are_told(
    bob: Visitor, school: School, desk: Desk
) -> None:
    desk.fail("")
    page = show(bob, school)
    assert unknown(page) == []
    assert "1 failed event of the last 7 days came without any reason" in page.text


def test_add_and_map_sends_the_events(bob: Visitor, school: School, desk: Desk) -> None:
    waiting = [desk.fail("Rainstorm"), desk.fail("rainstorm")]
    page = show(bob, school)
    assert page.words(".unknown-reasons button") == ["Add and map"]
    answer = save(bob, school, page, **{code_field(page): "T"})
    after = bob.get(answer.location)
    assert after.words("#status") == [
        "Saved. 2 of today's events are being sent again."
    ]
    assert {status_of(w) for w in waiting} == {"pending"}
    assert (unknown(after), find_reason(school, "rainstorm").code) == ([], "T")


def test_a_label_with_line_ends_is_added_as_the_kiosk_sent_it(
    bob: Visitor, school: School, desk: Desk
) -> None:
    waiting = desk.fail("Two\nlines <b>")
    page = show(bob, school)
    save(bob, school, page, **{code_field(page): "T"})
    assert find_reason(school, "Two\nlines <b>").code == "T"
    assert status_of(waiting) == "pending"


def test_without_a_code_an_unknown_reason_is_left_alone(
    bob: Visitor, school: School, desk: Desk
) -> None:
    desk.fail("Rainstorm")
    save(bob, school, show(bob, school), **{f"code__{find_reason(school).id}": "X"})
    assert unknown(show(bob, school)) == ["Rainstorm Late Check-in, 1 today"]


def test_another_school_s_event_adds_nothing(
    bob: Visitor, cast: Cast, school: School, desk: Desk
) -> None:
    event = Writeback.get_by_id(desk.fail("Rainstorm")).event_id
    other = cast.schools["1818"]
    answer = bob.post(f"{URL}{other.id}", {f"code-event-{event}": "T"})
    assert answer.status == 404
    assert not Reason.select().where(Reason.label == "Rainstorm").exists()


def test_the_page_asks_twice_for_reasons_however_many(
    school: School, desk: Desk
) -> None:
    for n in range(30):
        desk.fail(f"Reason {n}")
    loaded = School.get_by_id(school.id)
    assert loaded.zone  # takes a query of its own
    with count_queries(only_select=True) as counted:
        found = list_reasons(loaded, now=NOW)
    assert counted.count == 2
    assert len(found.unknown) == 20


# Two people at once


def test_a_row_that_was_not_touched_keeps_what_another_set(
    bob: Visitor, cast: Cast, browse: Browse, school: School
) -> None:
    mine = show(bob, school)
    row, other = find_reason(school), find_reason(school, "Dentist")
    alice = browse(cast.alice)
    save(alice, school, show(alice, school), **{f"code__{row.id}": "TDY"})
    answer = save(bob, school, mine, **{f"code__{other.id}": "X"})
    assert answer.status == 303
    assert find_reason(school).code == "TDY"
    assert find_reason(school, "Dentist").code == "X"


def test_two_codes_for_one_row_are_told_and_the_second_try_wins(
    bob: Visitor, cast: Cast, browse: Browse, school: School
) -> None:
    mine, row = show(bob, school), find_reason(school)
    alice = browse(cast.alice)
    save(alice, school, show(alice, school), **{f"code__{row.id}": "TDY"})
    answer = save(bob, school, mine, **{f"code__{row.id}": "X"})
    assert answer.status == 422
    assert "gave this the code TDY" in answer.one(f"#code-{row.id}-error").get_text()
    assert find_reason(school).code == "TDY"
    assert save(bob, school, answer).status == 303
    assert find_reason(school).code == "X"


def test_the_same_code_from_both_is_fine(
    bob: Visitor, cast: Cast, browse: Browse, school: School
) -> None:
    mine, row = show(bob, school), find_reason(school)
    alice = browse(cast.alice)
    save(alice, school, show(alice, school), **{f"code__{row.id}": "X"})
    assert save(bob, school, mine, **{f"code__{row.id}": "X"}).status == 303


def test_a_reason_that_another_removed_is_told(bob: Visitor, school: School) -> None:
    mine, row = show(bob, school), find_reason(school)
    typed = {f"code__{row.id}": "X", f"code__{find_reason(school, 'Dentist').id}": "Y"}
    row.delete_instance()
    assert save(bob, school, mine, **typed).status == 422
    assert find_reason(school, "Dentist").code == "ED"


def test_of_many_that_add_one_reason_at_once_one_does(school: School) -> None:
    def add(number: int) -> bool:
        label = "Flood" if number % 2 else "FLOOD"
        new = Added("new", EventType.LATE_CHECK_IN, label, f"C{number}")
        try:
            save_reasons(school, [], [new], actor="test", now=NOW)
        except Problem:
            return False
        return True

    assert at_once(add, 4).count(True) == 1
    assert Reason.select().where(Reason.school == school).count() == 3


def test_of_many_that_map_one_reason_at_once_one_does(school: School) -> None:
    row = find_reason(school)

    def give(number: int) -> bool:
        change = Mapped("row", row.id, f"C{number}", "T")
        try:
            save_reasons(school, [change], [], actor="test", now=NOW)
        except Problem:
            return False
        return True

    assert at_once(give, 4).count(True) == 1
    assert AuditEntry.select().where(AuditEntry.action == "reason.saved").count() == 1
