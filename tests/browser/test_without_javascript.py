"""All tabs without JavaScript: forms, links and full pages do the same work."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.morning import SUSPENDED
from tests.browser.product import NO_CODE, SEED, Product
from tests.browser.visit import Visit

HIGH, MIDDLE, MAPLE = (row["name"] for row in SEED["schools"])


@pytest.fixture
def alice(used: Product, visit: Callable[..., Visit]) -> Page:
    """Alice's browser, which runs no script."""
    seen = visit(used, used.cast.alice, javascript=False)
    seen.expect_statuses(422)
    return seen.page


def test_no_script_runs(alice: Page) -> None:
    alice.goto(tabs.LOGS)
    assert alice.evaluate("typeof window.htmx") == "undefined"


def test_connect_and_test_the_connection(alice: Page, used: Product) -> None:
    alice.goto(tabs.SETTINGS)
    tabs.fill_connection(alice, used)
    tabs.save_connection(alice)
    expect(tabs.told(alice)).to_contain_text("Saved")
    expect(alice).to_have_url(f"{used.url}{tabs.SETTINGS}")
    steps = tabs.press_test(alice)
    expect(steps.filter(has_text="OK").first).to_be_visible()


def test_a_wrong_url_is_explained_and_corrected(alice: Page, used: Product) -> None:
    alice.goto(tabs.SETTINGS)
    alice.get_by_label("PowerSchool URL").fill("https://oakwood.example/admin")
    tabs.save_connection(alice)
    expect(alice).to_have_title(re.compile("^Error: "))
    alice.get_by_role("button", name="Use https://oakwood.example").click()
    expect(alice.get_by_label("PowerSchool URL")).to_have_value(
        "https://oakwood.example"
    )


def test_set_a_school_up(alice: Page) -> None:
    alice.goto(tabs.SCHOOLS)
    tabs.choose_mode(alice, MIDDLE, "Meeting")
    tabs.save(alice)
    expect(tabs.told(alice)).to_contain_text("Saved")
    expect(alice.get_by_label(f"Attendance Mode of {MIDDLE}")).to_have_value("meeting")


def test_filter_the_log(alice: Page) -> None:
    alice.goto(tabs.LOGS)
    name = SEED["students"][SUSPENDED]["last_name"]
    alice.get_by_label("Student Name Search").fill(name)
    alice.get_by_label("Building").select_option(label=HIGH)
    alice.get_by_role("button", name="Apply").click()
    expect(alice).to_have_url(re.compile(f"student={name}"))
    rows = alice.locator("#logs-table tbody tr")
    expect(rows.filter(has_not_text=name)).to_have_count(0)
    expect(tabs.log_row(alice, SUSPENDED)).to_contain_text("Failed")


def test_retry_after_powerschool_was_put_right(alice: Page, used: Product) -> None:
    student = SEED["students"][SUSPENDED]
    (row,) = used.simulator.attendance(studentid=student["id"])
    used.simulator.put_attendance(student["id"], row["schoolid"], row["att_date"], "T")
    alice.goto(tabs.LOGS)
    row_of = tabs.log_row(alice, SUSPENDED)
    row_of.get_by_role("button", name="Retry").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Writeback Logs")
    used.settle(waiting=1)
    alice.reload()
    expect(row_of).to_contain_text("Successful")


def test_map_a_reason(alice: Page, used: Product) -> None:
    alice.goto(tabs.TRACKING)
    tabs.show_school(alice, HIGH)
    tabs.map_reason(alice, NO_CODE, "T")
    expect(tabs.told(alice)).to_contain_text("Saved")
    expect(alice.get_by_label(f"Attendance code for {NO_CODE}")).to_have_value("T")
