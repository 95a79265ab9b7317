"""Back shows whole pages: never a fragment that htmx got from the same address."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.product import Product
from tests.browser.visit import Visit

Open = Callable[..., Visit]


def filter_failed(page: Page) -> None:
    page.get_by_label("Status", exact=True).select_option(label="Failed")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("status=failed"))
    expect(page.locator("#logs-table tbody tr")).to_have_count(2)


def assert_whole(page: Page, rows: int) -> None:
    """Hold that the frame stands around the log, which has so many rows."""
    expect(page.locator("#logs-table tbody tr")).to_have_count(rows)
    expect(page.get_by_role("navigation", name="PowerSchool Setup")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Writeback Logs")


def test_back_from_another_page_shows_the_filtered_log_whole(
    oakwood: Product, visit: Open
) -> None:
    page = visit(oakwood, oakwood.cast.alice).page
    page.goto(tabs.LOGS)
    filter_failed(page)
    page.get_by_role("link", name="Change Password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change Password")
    page.go_back()
    assert_whole(page, rows=2)
    expect(page.get_by_label("Status", exact=True)).to_have_value("failed")


def test_back_after_a_filter_shows_the_log_as_it_was(
    oakwood: Product, visit: Open
) -> None:
    page = visit(oakwood, oakwood.cast.alice).page
    page.goto(tabs.LOGS)
    every = page.locator("#logs-table tbody tr").count()
    filter_failed(page)
    page.go_back()
    assert_whole(page, rows=every)
    page.go_forward()
    assert_whole(page, rows=2)


def test_the_address_of_a_filtered_log_shows_it_whole_to_anybody(
    oakwood: Product, visit: Open
) -> None:
    alice = visit(oakwood, oakwood.cast.alice).page
    alice.goto(tabs.LOGS)
    filter_failed(alice)
    bob = visit(oakwood, oakwood.cast.bob).page
    bob.goto(alice.url)
    assert_whole(bob, rows=2)


def test_a_poll_leaves_what_is_being_typed_alone(oakwood: Product, visit: Open) -> None:
    page = visit(oakwood, oakwood.cast.alice).page
    page.goto(tabs.LOGS)
    search = page.get_by_label("Student Name Search")
    with page.expect_response(lambda answer: "poll=1" in answer.url):
        search.press_sequentially("Sa")
    search.press_sequentially("mi")
    expect(search).to_be_focused()
    expect(search).to_have_value("Sami")
