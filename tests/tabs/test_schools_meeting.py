"""School Building Setup: Meeting mode's own rules of a school."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Cast
from vmps.models import AttendanceCode, AuditEntry, District, School, User

from .conftest import connect
from .setup_form import URL, filled, find, row, save, summary
from .visitor import Visitor

RULES = {"missed": "A", "marks": "current", "remaining": "ED"}


@pytest.fixture
def alice(cast: Cast, browse: Callable[[User], Visitor]) -> Visitor:
    connect(cast.oakwood)
    School.update(mode="meeting").where(School.number != "1819").execute()
    return browse(cast.alice)


def rules_of(school: School) -> tuple[str, bool, str]:
    found = find(school)
    return found.missed_code, found.marks_remaining, found.remaining_code


def of(place: object, **rules: str) -> dict[str, str]:
    return {f"{name}-{place}": value for name, value in rules.items()}


def import_codes(school: School) -> None:
    """Let the school have the codes T and A this year, and X last year."""
    School.update(codes_year_id=36).where(School.id == school.id).execute()
    for year, code in ((36, ""), (36, "T"), (36, "A"), (35, "X")):
        AttendanceCode.create(
            school=school, year_id=year, ps_id=ord(code or " "), code=code
        )


def test_the_rules_are_saved_and_shown_again(cast: Cast, alice: Visitor) -> None:
    first, second, _ = cast.schools.values()
    assert save(alice, **of(first.id, **RULES)).status == 303
    assert rules_of(first) == ("A", False, "ED")
    assert rules_of(second) == ("", True, "")
    form = alice.get(URL).form("#schools-form")
    assert {name: form[f"{name}-{first.id}"] for name in RULES} == RULES


def test_saving_them_is_audited_with_what_changed(cast: Cast, alice: Visitor) -> None:
    first, *_ = cast.schools.values()
    save(alice, **of(first.id, missed="A"))
    entry = AuditEntry.get(AuditEntry.action == "school.set")
    assert '"missed_code": "A"' in entry.detail
    assert "remaining_code" not in entry.detail
    assert find(first).setup_saved_at


def test_the_rules_can_be_taken_away_again(cast: Cast, alice: Visitor) -> None:
    first, *_ = cast.schools.values()
    save(alice, **of(first.id, **RULES))
    save(alice, **of(first.id, missed="", marks="remaining", remaining=" "))
    assert rules_of(first) == ("", True, "")


def test_a_code_that_the_school_lacks_is_refused(cast: Cast, alice: Visitor) -> None:
    first, *_ = cast.schools.values()
    import_codes(first)
    page = save(alice, **of(first.id, missed="X"))
    assert page.status == 422
    assert "has no attendance code X. It has" in summary(page)
    assert page.form("#schools-form")[f"missed-{first.id}"] == "X"
    assert rules_of(first) == ("", True, "")


def test_a_school_without_imported_codes_takes_any(cast: Cast, alice: Visitor) -> None:
    first, second, _ = cast.schools.values()
    import_codes(first)
    assert save(alice, **of(second.id, missed="X")).status == 303
    assert save(alice, **of(second.id, missed="TOO LONG")).status == 422


def test_a_code_that_went_with_the_year_keeps_no_other_change(
    cast: Cast, alice: Visitor
) -> None:
    first, *_ = cast.schools.values()
    School.update(missed_code="X").execute()
    import_codes(first)
    assert save(alice, **{f"mode-{first.id}": "daily"}).status == 303


def test_a_page_loaded_before_somebody_else_saved_is_told(
    cast: Cast, alice: Visitor
) -> None:
    first, *_ = cast.schools.values()
    old = filled(alice, **of(first.id, missed="A"))
    save(alice, **of(first.id, missed="T.1"))
    page = alice.post(URL, old)
    assert "missed classes get no code → missed classes get T.1" in summary(page)
    assert alice.post(URL, page.form("#schools-form")).status == 303
    assert rules_of(first)[0] == "A"


def test_the_selected_schools_in_meeting_mode_get_the_rules(
    cast: Cast, alice: Visitor
) -> None:
    first, second, third = cast.schools.values()
    together = of("together", **RULES) | {"together": "all", "together_rules": "1"}
    assert save(alice, apply="1", **together).status == 303
    assert rules_of(first) == rules_of(second) == ("A", False, "ED")
    assert rules_of(third) == ("", True, "")


def test_without_the_tick_the_rules_stay(cast: Cast, alice: Visitor) -> None:
    first, *_ = cast.schools.values()
    together = of("together", **RULES) | {"together": "all", "together_mode": "meeting"}
    save(alice, apply="1", **together)
    assert rules_of(first) == ("", True, "")


def test_a_building_admin_reads_them_while_overrides_are_prevented(
    cast: Cast, alice: Visitor, browse: Callable[[User], Visitor]
) -> None:
    first, *_ = cast.schools.values()
    School.update(missed_code="A", remaining_code="ED").execute()
    District.update(prevents_overrides=True).execute()
    page = browse(cast.bob).get(URL)
    assert not page.words(f"#missed-{first.id}")
    words = row(page, first)
    assert "Classes missed before a late check-in: A." in words
    assert "all remaining classes get ED" in words
