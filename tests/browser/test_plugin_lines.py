"""The lines that the plugin lacks: shown after a test, copied with one press."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import tabs
from tests.browser.product import Product
from tests.browser.visit import Visit

Open = Callable[..., Visit]
LINE = '<field table="ATTENDANCE" field="CCID" access="FullAccess"/>'


@pytest.fixture
def lacking(used: Product) -> Iterator[Product]:
    """A product whose plugin lacks a field of all modes and one of Meeting mode."""
    used.simulator.withdraw("STUDENTS", "EXITDATE")
    used.simulator.withdraw("ATTENDANCE", "CCID")
    yield used
    used.simulator.restore_grants()


def test_the_missing_lines_are_copied_with_one_press(
    lacking: Product, visit: Open
) -> None:
    seen = visit(lacking, lacking.cast.alice)
    page = seen.page
    seen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.go(tabs.SETTINGS)
    tabs.press_test(page)
    lines = page.get_by_label("For the PowerSchool administrator")
    expect(lines).to_have_value(re.compile(re.escape(LINE)))
    seen.check()
    page.get_by_role("button", name="Copy these lines").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == lines.input_value()
    assert LINE in copied


def test_without_a_clipboard_the_lines_are_selected(
    lacking: Product, visit: Open
) -> None:
    seen = visit(lacking, lacking.cast.alice)
    page = seen.page
    seen.context.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    seen.go(tabs.SETTINGS)
    tabs.press_test(page)
    page.get_by_role("button", name="Copy these lines").click()
    expect(page.get_by_text("The lines are selected")).to_be_visible()
    assert LINE in page.evaluate("getSelection().toString()")


def test_the_last_test_is_still_there_when_the_page_is_opened_again(
    lacking: Product, visit: Open
) -> None:
    seen = visit(lacking, lacking.cast.alice)
    seen.go(tabs.SETTINGS)
    tabs.press_test(seen.page)
    expect(seen.page.get_by_role("button", name="Copy these lines")).to_be_visible()
    seen.go(tabs.SETTINGS)
    expect(seen.page.get_by_text("Last tested just now")).to_be_visible()
    seen.check()


def test_without_scripts_the_lines_are_there_and_no_button(
    lacking: Product, visit: Open
) -> None:
    seen = visit(lacking, lacking.cast.alice, javascript=False)
    seen.go(tabs.SETTINGS)
    tabs.press_test(seen.page)
    assert LINE in seen.page.locator("#settings-request").input_value()
    expect(seen.page.get_by_role("button", name="Copy these lines")).to_be_hidden()
