"""Student Tracking: codes mapped as reasons, replaceable and protected codes."""

from __future__ import annotations

import json

import pytest

from tests.cast import Cast
from vmps.models import (
    AttendanceCode,
    AuditEntry,
    EventType,
    Reason,
    School,
    Writeback,
)

from .code_page import (
    import_and_show,
    is_ticked,
    show_codes,
    tick,
)
from .conftest import Browse
from .reason_page import URL, Desk, find_reason, save, show, status_of
from .visitor import Page, Visitor

LATE, EARLY = EventType.LATE_CHECK_IN, EventType.EARLY_CHECK_OUT


@pytest.fixture
def page(bob: Visitor, school: School, simulator: object) -> Page:
    """The codes of Bob's first school, imported."""
    return import_and_show(bob, school)


def reasons(school: School, **columns: object) -> list[tuple[str, str, str]]:
    rows = Reason.select().where(Reason.school == school).order_by(Reason.id)
    found = rows.where(
        *(getattr(Reason, name) == value for name, value in columns.items())
    )
    return [(r.type, r.label, r.code) for r in found]


def test_boxes_show_what_is_mapped(page: Page) -> None:
    assert is_ticked(page, "late T")
    assert is_ticked(page, "early ED")
    assert not is_ticked(page, "late ED")
    assert not is_ticked(page, "replaceable A")


def test_a_ticked_code_becomes_a_reason_named_by_its_description(
    bob: Visitor, school: School, page: Page
) -> None:
    assert tick(bob, school, page, on="late ED, early T").status == 303
    assert reasons(school)[2:] == [(LATE, "Early", "ED"), (EARLY, "Tardy", "T")]


def test_a_taken_name_gets_the_code_beside_it(
    bob: Visitor, school: School, page: Page
) -> None:
    Reason.create(school=school, type=LATE, label="absent", code=None)
    tick(bob, school, page, on="late A")
    assert (LATE, "Absent (A)", "A") in reasons(school)


def test_an_absence_code_for_a_late_check_in_is_warned_of(
    bob: Visitor, school: School, page: Page
) -> None:
    answer = tick(bob, school, page, on="late A")
    assert "marks a student who came late as absent" in bob.get(answer.location).text


def test_the_blank_code_cannot_be_mapped(bob: Visitor, school: School) -> None:
    sent = {"code-0": "", "loaded-0": "", "late-0": "on"}
    answer = bob.post(f"{URL}{school.id}/codes", sent)
    assert answer.status == 422
    assert len(reasons(school)) == 2


def test_taking_a_tick_off_hides_the_reason_and_its_events_stay_understood(
    bob: Visitor, school: School, page: Page
) -> None:
    tick(bob, school, page, off="late T")
    assert reasons(school, is_hidden=True) == [(LATE, "Bus late", "T")]
    assert "1 hidden, not offered any more" in show(bob, school).text
    tick(bob, school, show_codes(bob, school), on="late T")
    assert reasons(school, is_hidden=True) == []
    assert len(reasons(school)) == 2


def test_a_new_reason_sends_todays_events_that_carry_its_name(
    bob: Visitor, school: School, page: Page, desk: Desk
) -> None:
    waiting = desk.fail("Early")
    answer = tick(bob, school, page, on="late ED")
    assert status_of(waiting) == "pending"
    assert "1 of today's events is being sent" in bob.get(answer.location).text


# What may be overwritten


@pytest.mark.parametrize("cause", ["unmapped_reason", "code_missing"])
def test_a_code_that_powerschool_is_known_to_lack_sends_nothing(
    bob: Visitor, school: School, desk: Desk, page: Page, cause: str
) -> None:
    stays = desk.fail("Bus late", cause=cause, detail="Bus late")
    typed = {f"code__{find_reason(school).id}": "TDY"}
    answer = save(bob, school, show(bob, school), **typed)
    (told,) = bob.get(answer.location).words("#status")
    assert told.startswith("Saved. PowerSchool has no code TDY at this school this")
    assert "give the reason another code" in told
    failed = Writeback.get_by_id(stays)
    assert (failed.status, failed.cause, failed.detail) == (
        "failed", "code_missing", "TDY",
    )  # fmt: skip
    typed = {f"code__{find_reason(school).id}": "T"}
    save(bob, school, show(bob, school), **typed)
    assert status_of(stays) == "pending"


def test_a_code_of_which_only_last_year_s_import_knows_is_tried(
    bob: Visitor, school: School, desk: Desk, page: Page
) -> None:
    AttendanceCode.update(year_id=AttendanceCode.year_id - 1).execute()
    goes_on = desk.fail("Bus late")
    typed = {f"code__{find_reason(school).id}": "TDY"}
    answer = save(bob, school, show(bob, school), **typed)
    assert "1 of today's events is being sent" in bob.get(answer.location).text
    assert status_of(goes_on) == "pending"


def test_a_missing_code_that_is_ticked_says_so(
    bob: Visitor, school: School, page: Page
) -> None:
    Reason.update(code="OLD").where(Reason.code == "ED").execute()
    answer = tick(bob, school, show_codes(bob, school), on="late OLD")
    assert "PowerSchool has no code OLD" in bob.get(answer.location).text


def test_absence_codes_are_offered_first(page: Page) -> None:
    _, existing = page.all("#codes-form .ticks")
    names = [th.get_text(" ").split()[0] for th in existing.select("tbody th")]
    assert names == ["A", "S", "ED", "T"]


def test_replaceable_and_protected_codes_are_saved_and_audited(
    bob: Visitor, school: School, page: Page
) -> None:
    tick(bob, school, page, on="replaceable A, protected S")
    saved = School.get_by_id(school.id)
    assert (saved.replaceable, saved.protected) == ({"A"}, {"S"})
    entry = AuditEntry.get(AuditEntry.action == "school.set")
    assert json.loads(entry.detail)["replaceable_codes"] == '["A"]'
    assert is_ticked(show_codes(bob, school), "protected S")


def test_a_code_cannot_be_both(bob: Visitor, school: School, page: Page) -> None:
    answer = tick(bob, school, page, on="replaceable A, protected A, late ED")
    assert answer.status == 422
    assert "A code is either replaced or never overwritten" in answer.text
    assert is_ticked(answer, "protected A")
    assert is_ticked(answer, "late ED")
    assert School.get_by_id(school.id).replaceable == set()
    assert len(reasons(school)) == 2


def test_a_replaceable_code_sends_todays_failures_on_it(
    bob: Visitor, school: School, page: Page, desk: Desk
) -> None:
    marked = {"cause": "already_marked", "detail": "A"}
    today = desk.fail("Bus late", **marked)
    before = desk.fail("X", days_ago=1, **marked)
    other = desk.fail("Bus late", cause="already_marked", detail="S")
    answer = tick(bob, school, page, on="replaceable A, protected S")
    assert "1 of today's events is being sent again" in bob.get(answer.location).text
    assert [status_of(w) for w in (today, before, other)] == [
        "pending", "failed", "failed",
    ]  # fmt: skip


def test_a_disabled_school_s_failures_stay(
    bob: Visitor, school: School, page: Page, desk: Desk
) -> None:
    failed = desk.fail("Bus late", cause="already_marked", detail="A")
    School.update(is_enabled=False).execute()
    tick(bob, school, page, on="replaceable A")
    assert status_of(failed) == "failed"


def test_codes_that_powerschool_lacks_stay_saved_and_shown(
    bob: Visitor, school: School, page: Page
) -> None:
    School.update(protected_codes='["FT"]').where(School.id == school.id).execute()
    found = show_codes(bob, school)
    assert is_ticked(found, "protected FT")
    assert "FT Not in PowerSchool in 2026-27." in found.text
    tick(bob, school, found, on="replaceable A")
    assert School.get_by_id(school.id).protected == {"FT"}


def test_the_page_of_a_failure_leads_here(
    bob: Visitor, school: School, page: Page, desk: Desk
) -> None:
    failed = desk.fail("Bus late", cause="already_marked", detail="A")
    story = bob.get(f"/admin/powerschool/logs/{failed}")
    (link,) = [a for a in story.all("a") if a.get_text() == "Open Attendance Codes"]
    assert link["href"] == f"{URL}{school.id}/codes#codes-existing"
    assert "an admin allows that code to be replaced" in story.text


# Two people at once


def test_what_another_saved_is_not_overwritten_unseen(
    bob: Visitor, cast: Cast, browse: Browse, school: School, page: Page
) -> None:
    alice = browse(cast.alice)
    tick(alice, school, show_codes(alice, school), on="protected A")
    answer = tick(bob, school, page, on="replaceable A")
    assert answer.status == 422
    assert "Somebody changed this code while you were here" in answer.text
    again = tick(bob, school, answer)
    assert again.status == 303
    saved = School.get_by_id(school.id)
    assert (saved.replaceable, saved.protected) == ({"A"}, set())


def test_an_untouched_code_keeps_what_another_saved(
    bob: Visitor, cast: Cast, browse: Browse, school: School, page: Page
) -> None:
    alice = browse(cast.alice)
    tick(alice, school, show_codes(alice, school), on="protected S")
    assert tick(bob, school, page, on="replaceable A").status == 303
    assert School.get_by_id(school.id).protected == {"S"}


def test_saving_nothing_says_so(bob: Visitor, school: School, page: Page) -> None:
    answer = tick(bob, school, page)
    assert bob.get(answer.location).words("#status") == ["Nothing was changed."]
    assert find_reason(school).code == "T"
