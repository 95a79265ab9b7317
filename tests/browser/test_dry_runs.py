"""Preview and Reconciliation in a browser: what they answer keeps nobody out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.morning import ZONE, last_morning
from tests.browser.product import SEED, Product
from tests.browser.visit import Visit

PREVIEW = "/admin/powerschool/preview/"
RECONCILIATION = "/admin/powerschool/reconciliation/"

Open = Callable[..., Visit]


def try_out(page: Page) -> None:
    """Preview a late check-in of the first student that fits."""
    page.get_by_label("Student", exact=True).fill("a")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("radio").first.check()  # waits for them
    page.get_by_label("Reason").select_option(index=1)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview-result")).to_be_visible()


def compare(page: Page) -> None:
    """Compare today with PowerSchool."""
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#reconciliation-result")).to_be_visible()


def test_a_preview(oakwood: Product, visit: Open) -> None:
    seen = visit(oakwood, oakwood.cast.bob)
    seen.expect_statuses(422)  # first without a reason, and of several students
    seen.go(PREVIEW)
    try_out(seen.page)
    seen.check()


def test_a_preview_without_javascript(oakwood: Product, visit: Open) -> None:
    seen = visit(oakwood, oakwood.cast.bob, javascript=False)
    seen.expect_statuses(422)
    seen.go(PREVIEW)
    try_out(seen.page)


def test_a_reconciliation(oakwood: Product, visit: Open) -> None:
    seen = visit(oakwood, oakwood.cast.bob)
    seen.go(RECONCILIATION)
    compare(seen.page)
    seen.check()


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_missing_is_sent_again_and_compared_anew(
    used: Product, visit: Open, javascript: bool
) -> None:
    day = last_morning().astimezone(ZONE).date().isoformat()
    student = SEED["students"][21]
    used.simulator.put_attendance(student["id"], 1817, day, None)
    seen = visit(used, used.cast.bob, javascript=javascript)
    school = used.places()["school_1817"]
    seen.go(f"{RECONCILIATION}?school={school}&day={day}")
    compare(seen.page)
    name = seen.page.get_by_role("rowheader", name=student["last_name"])
    expect(name).to_be_visible()
    seen.page.get_by_role("button", name=re.compile("Send \\d+ again")).click()
    expect(tabs.told(seen.page)).to_contain_text("again now.")
    expect(seen.page.locator("#reconciliation-result")).to_be_visible()
    expect(seen.page.get_by_role("button", name="Send")).to_have_count(0)
    if javascript:
        seen.check()
    used.settle(waiting=1)
    compare(seen.page)
    expect(name).to_have_count(0)
