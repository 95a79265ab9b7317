"""Each tab with the keyboard alone: Tab, letters, Space and Enter."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import tabs
from tests.browser.morning import SUSPENDED
from tests.browser.product import NO_CODE, SEED, Product
from tests.browser.visit import Visit

HIGH, MIDDLE, MAPLE = (row["name"] for row in SEED["schools"])
MOST_STOPS = 80


@pytest.fixture
def alice(used: Product, visit: Callable[..., Visit]) -> Page:
    """Alice's browser."""
    return visit(used, used.cast.alice).page


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the control has the focus, as people do."""
    handle = wanted.element_handle()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === wanted", handle):
            return
    pytest.fail(f"Tab does not reach {wanted}")


def assert_focus_stayed(page: Page) -> None:
    """Hold that a swap did not throw whoever uses the keyboard back to the top."""
    expect(page.locator("main :focus")).to_have_count(1)


def test_settings(alice: Page) -> None:
    alice.goto(tabs.SETTINGS)
    url = alice.get_by_label("PowerSchool URL")
    saved = url.input_value()
    tab_to(alice, url)
    alice.keyboard.press("Control+A")
    alice.keyboard.type(saved)
    alice.keyboard.press("Enter")
    expect(tabs.told(alice)).to_contain_text("Saved")
    assert_focus_stayed(alice)
    tab_to(alice, alice.get_by_role("button", name="Test connection"))
    alice.keyboard.press("Enter")
    expect(alice.locator("#settings-test li").first).to_be_visible()
    assert_focus_stayed(alice)


def test_school_building_setup(alice: Page) -> None:
    alice.goto(tabs.SCHOOLS)
    mode = alice.get_by_label(f"Attendance Mode of {MAPLE}")
    tab_to(alice, alice.get_by_role("switch", name=MAPLE))
    alice.keyboard.press("Space")
    tab_to(alice, mode)
    alice.keyboard.type("Meet")
    tab_to(alice, alice.get_by_role("button", name="Save", exact=True))
    alice.keyboard.press("Enter")
    expect(tabs.told(alice)).to_contain_text("Saved")
    assert_focus_stayed(alice)
    expect(mode).to_have_value("meeting")
    expect(alice.get_by_role("switch", name=MAPLE)).to_be_checked()


def test_writeback_logs(alice: Page) -> None:
    alice.goto(tabs.LOGS)
    tab_to(alice, alice.get_by_label("Status", exact=True))
    alice.keyboard.type("Fail")
    tab_to(alice, alice.get_by_role("button", name="Apply"))
    alice.keyboard.press("Enter")
    expect(alice).to_have_url(re.compile("status=failed"))
    assert_focus_stayed(alice)
    tab_to(alice, alice.locator("#logs-table tbody a").first)
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("heading", name="What happened")).to_be_visible()
    tab_to(alice, alice.get_by_role("button", name="Retry"))
    alice.keyboard.press("Enter")
    expect(alice.locator("#logs-story")).to_contain_text("pressed Retry")
    assert_focus_stayed(alice)


def test_student_tracking(alice: Page) -> None:
    alice.goto(tabs.TRACKING)
    tab_to(alice, alice.get_by_label("School", exact=True))
    alice.keyboard.type(MIDDLE)
    tab_to(alice, alice.get_by_role("button", name="Show"))
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("heading", name=MIDDLE)).to_be_visible()
    code = alice.get_by_label(f"Attendance code for {NO_CODE}")
    tab_to(alice, code)
    alice.keyboard.type("TE")
    alice.keyboard.press("Enter")
    expect(tabs.told(alice)).to_contain_text("Saved")
    expect(code).to_have_value("TE")
    assert_focus_stayed(alice)


def test_a_retry_in_the_list_leaves_the_focus_in_its_row(alice: Page) -> None:
    alice.goto(tabs.LOGS)
    row = tabs.log_row(alice, SUSPENDED)
    tab_to(alice, row.get_by_role("button", name="Retry"))
    alice.keyboard.press("Enter")
    expect(tabs.told(alice)).to_contain_text("tried again")
    expect(row.locator(":focus")).to_have_count(1)
