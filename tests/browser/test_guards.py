"""The guards on their pages: what the SIS ID is, and modes that differ."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.product import Product
from tests.browser.test_keyboard import assert_focus_stayed, tab_to
from tests.browser.visit import Visit
from vmps.clock import utcnow
from vmps.models import AttendanceMode, Connection, School
from vmps.services.observed_modes import Observed, to_json

Open = Callable[..., Visit]


def unconfirm(used: Product) -> None:
    """Let nobody have confirmed that the SIS IDs are DCIDs."""
    Connection.update(
        roster_id="dcid", roster_id_confirmed_at=None, roster_id_confirmed_by=""
    ).where(Connection.district == used.cast.oakwood).execute()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_detected_kind_keeps_nobody_out(used: Product, visit: Open) -> None:
    unconfirm(used)
    seen = visit(used, used.cast.alice)
    seen.go(tabs.SETTINGS)
    press(seen.page, "Detect")
    expect(seen.page.locator("#settings-detected h3")).to_be_focused()
    seen.check()


def test_a_kind_is_detected_and_confirmed_with_the_keyboard(
    used: Product, visit: Open
) -> None:
    unconfirm(used)
    page = visit(used, used.cast.alice).page
    page.goto(tabs.SETTINGS)
    tab_to(page, page.get_by_role("button", name="Detect"))
    page.keyboard.press("Enter")
    expect(page.locator("#settings-detected")).to_contain_text("it is DCID, as saved")
    assert_focus_stayed(page)
    tab_to(page, page.get_by_role("button", name="Confirm"))
    page.keyboard.press("Enter")
    expect(tabs.told(page)).to_contain_text("Confirmed: the SIS ID of your roster")
    expect(page.locator("#settings-unconfirmed")).to_have_count(0)


def test_a_kind_is_detected_and_confirmed_without_javascript(
    used: Product, visit: Open
) -> None:
    unconfirm(used)
    page = visit(used, used.cast.alice, javascript=False).page
    page.goto(tabs.SETTINGS)
    press(page, "Detect")
    expect(page.locator("#settings-detected")).to_contain_text("it is DCID, as saved")
    press(page, "Confirm")
    expect(tabs.told(page)).to_contain_text("Confirmed: the SIS ID of your roster")


def test_a_mode_that_differs_keeps_nobody_out(used: Product, visit: Open) -> None:
    observed = Observed({AttendanceMode.MEETING: 120}, {AttendanceMode.MEETING: True})
    School.update(observed_modes=to_json(observed), observed_at=utcnow()).where(
        School.id == used.cast.schools["1817"].id
    ).execute()
    seen = visit(used, used.cast.alice)
    seen.go(tabs.SCHOOLS)
    expect(seen.page.locator(".mode-note")).to_contain_text("by Meeting here")
    seen.check()


def test_modes_are_checked_at_a_press(used: Product, visit: Open) -> None:
    page = visit(used, used.cast.alice).page
    page.goto(tabs.SCHOOLS)
    press(page, "Check modes")
    expect(tabs.told(page)).to_contain_text("Checked 3 schools.")
    assert_focus_stayed(page)
