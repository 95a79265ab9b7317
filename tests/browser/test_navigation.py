"""The way to a page, as the page that we were asked for describes it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.product import Product, sign_in
from tests.browser.visit import NARROW, WIDE, Look, Visit

Open = Callable[..., Visit]


@pytest.mark.parametrize(
    ("email", "tab"),
    [
        ("alice@oakwood.example", "Settings"),
        ("bob@oakwood.example", "School Building Setup"),
    ],
)
def test_the_key_icon_leads_to_powerschool_setup(
    oakwood: Product, visit: Open, email: str, tab: str
) -> None:
    seen = visit(oakwood)
    sign_in(seen, email)
    navigation = seen.page.get_by_role("navigation", name="Main")
    key = navigation.get_by_role("link", name="Admin Settings")
    expect(key.locator("svg")).to_be_visible()
    key.click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text(tab)
    expect(navigation.get_by_text("General Settings")).to_be_visible()
    current = navigation.get_by_role("link", name="PowerSchool Setup")
    expect(current).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize("look", [WIDE, NARROW], ids=str)
def test_powerschool_setup_has_three_tabs_each_with_its_address(
    oakwood: Product, visit: Open, look: Look
) -> None:
    page = visit(oakwood, oakwood.cast.alice, look=look).page
    page.goto("/admin/powerschool/settings/")
    tabs = page.get_by_role("navigation", name="PowerSchool Setup")
    for label in ("School Building Setup", "Writeback Logs", "Settings"):
        tabs.get_by_role("link", name=label).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(label)
        expect(page).to_have_title(re.compile(f"^{label} "))
        current = tabs.get_by_role("link", name=label)
        expect(current).to_have_attribute("aria-current", "page")


def test_a_phone_has_the_same_navigation_in_a_menu(
    oakwood: Product, visit: Open
) -> None:
    page = visit(oakwood, oakwood.cast.bob, look=NARROW).page
    page.goto("/admin/powerschool/logs/")
    link = page.get_by_role("link", name="Student Tracking").first
    expect(link).to_be_hidden()
    page.locator("summary", has_text="Menu").click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Student Tracking")
