"""Student Tracking in a browser: codes imported and mapped, reasons put in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import tabs
from tests.browser.product import Product
from tests.browser.visit import Visit
from vmps.models import School

Open = Callable[..., Visit]


def codes_of(product: Product, number: str) -> str:
    return f"/admin/tracking/{product.cast.schools[number].id}/codes"


@pytest.mark.parametrize(
    ("who", "number", "javascript"), [("alice", "1819", True), ("bob", "1818", False)]
)
def test_codes_are_imported_and_mapped_and_keep_nobody_out(
    used: Product, visit: Open, who: str, number: str, *, javascript: bool
) -> None:
    seen = visit(used, getattr(used.cast, who), javascript=javascript)
    page = seen.page
    seen.go(codes_of(used, number))
    tabs.import_codes(page)
    expect(tabs.told(page)).to_contain_text("codes imported for")
    page.get_by_label("Late Check-in Reason: A", exact=True).check()
    page.get_by_label("May be replaced: A", exact=True).check()
    tabs.save(page)
    expect(tabs.told(page)).to_contain_text("Saved.")
    expect(page.get_by_label("May be replaced: A", exact=True)).to_be_checked()
    expect(page.get_by_text("marks a student who came late as absent")).to_be_visible()
    if javascript:
        page.locator("#next-year summary").click()
        page.get_by_role("button", name="Import next year's codes").click()
        expect(page.locator("#next-year li").first).to_contain_text("exists")
        seen.check()


def test_a_code_that_is_both_is_refused_and_keeps_nobody_out(
    used: Product, visit: Open
) -> None:
    seen = visit(used, used.cast.alice)
    seen.expect_statuses(422)
    seen.go(codes_of(used, "1817"))
    tabs.import_codes(seen.page)
    seen.page.get_by_label("May be replaced: A", exact=True).check()
    seen.page.get_by_label("Never overwritten: A", exact=True).check()
    tabs.save(seen.page)
    expect(seen.page.locator("#codes-form [data-focus]")).to_be_focused()
    seen.check()


def test_all_schools_codes_keep_nobody_out(used: Product, visit: Open) -> None:
    seen = visit(used, used.cast.alice)
    seen.go("/admin/tracking/codes")
    seen.page.get_by_role("button", name="Import codes of all schools").click()
    expect(seen.page.locator("#tracking-codes-of-all .alert")).to_be_focused()
    seen.check()


def test_reasons_are_moved_with_the_keyboard(used: Product, visit: Open) -> None:
    seen = visit(used, used.cast.alice)
    page, school = seen.page, used.cast.schools["1817"]
    seen.go(f"/admin/tracking/?school={school.id}")
    page.get_by_label("Add a reason").first.fill("Flood")
    page.get_by_label("Attendance code for the new reason").first.fill("T")
    page.keyboard.press("Enter")
    expect(tabs.told(page)).to_contain_text("Saved.")
    up = page.get_by_role("button", name="Move up Flood")
    for _ in range(9):  # other tests add reasons, too
        if up.is_enabled():
            up.focus()
            with page.expect_response("**/order"):
                page.keyboard.press("Enter")
            seen.wait_until_idle()
    expect(up).to_be_disabled()
    expect(page.get_by_role("button", name="Move down Flood")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Show Flood")).to_be_focused()
    page.locator("summary", has_text="Rename Flood").click()
    seen.check()


def test_tardies_keep_nobody_out(used: Product, visit: Open) -> None:
    School.update(late_check_in_time="00:00", tardy_alert_threshold=1).execute()
    seen = visit(used, used.cast.bob)
    seen.go(f"/admin/tracking/{used.cast.schools['1817'].id}/tardies")
    expect(seen.page.locator(".tardies tbody tr").first).to_be_visible()
    seen.check()
