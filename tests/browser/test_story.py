"""The whole story in a browser: connect, set up, an event arrives, the log shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.morning import connect
from tests.browser.product import NO_CODE, SEED, Product
from tests.browser.visit import Visit
from tests.conftest import ENGINES
from tests.servers import PostgreSQL
from vmps import db, migrations
from vmps.models import School

Open = Callable[..., Visit]
#: Students of the seed, by their place: at 1817, 1818 and 1819.
AT_HIGH, AT_MIDDLE, AT_MAPLE = 6, 7, 8
HIGH, MIDDLE, MAPLE = (row["name"] for row in SEED["schools"])


@pytest.fixture(params=ENGINES)
def fresh(
    request: pytest.FixtureRequest, start_product: Callable[..., Product]
) -> Product:
    """A product whose schools have no mode yet; nobody has connected it."""
    url = ""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.create_database(f"browser_{request.node.originalname}"[:60])
        db.configure(url)
        migrations.upgrade()
    product = start_product(url)
    School.update(mode=None).execute()
    return product


def test_a_district_admin_connects_sets_up_and_watches_an_event_arrive(
    fresh: Product, visit: Open
) -> None:
    seen = visit(fresh, fresh.cast.alice)
    page = seen.page
    page.goto(tabs.SETTINGS)
    tabs.fill_connection(page, fresh)
    tabs.save_connection(page)
    expect(tabs.told(page)).to_contain_text("Saved")
    steps = tabs.press_test(page)
    expect(steps.filter(has_text="OK").first).to_be_visible()
    expect(steps.filter(has_text="Failed")).to_have_count(0)
    page.get_by_role("link", name="School Building Setup").click()
    tabs.choose_mode(page, HIGH, "Daily")
    tabs.save(page)
    expect(tabs.told(page)).to_contain_text("Saved")
    tabs.follow(page, "Student Tracking")
    tabs.show_school(page, HIGH)
    tabs.map_reason(page, NO_CODE, "T")
    expect(tabs.told(page)).to_contain_text("Saved")
    tabs.follow(page, "PowerSchool Setup")
    page.get_by_role("link", name="Writeback Logs").click()
    watch_an_event_arrive(page, fresh)
    seen.check()


def test_a_building_admin_works_while_overrides_are_prevented(
    fresh: Product, visit: Open
) -> None:
    connect(fresh)
    prevent_overrides(visit(fresh, fresh.cast.alice).page)
    seen = visit(fresh, fresh.cast.bob)
    page = seen.page
    page.goto(tabs.SCHOOLS)
    assert_list_is_read_only(page)
    seen.check()
    page.goto(tabs.TRACKING)
    tabs.show_school(page, HIGH)
    tabs.map_reason(page, NO_CODE, "T")
    expect(tabs.told(page)).to_contain_text("Saved")
    fresh.report(AT_MAPLE, "Bus late")
    fresh.report(AT_MIDDLE, "Bus late")
    fresh.settle()
    page.goto(tabs.LOGS)
    watch_an_event_arrive(page, fresh)
    expect(tabs.log_row(page, AT_MIDDLE)).to_contain_text("Successful")
    expect(tabs.log_row(page, AT_MAPLE)).to_have_count(0)
    assert MAPLE not in page.content()
    seen.check()


def watch_an_event_arrive(page: Page, product: Product) -> None:
    """Send an event while the log is open; it becomes Successful by itself."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Writeback Logs")
    expect(tabs.log_row(page, AT_HIGH)).to_have_count(0)
    page.evaluate("window.wasNotReloaded = true")
    product.report(AT_HIGH, NO_CODE)
    row = tabs.log_row(page, AT_HIGH)
    expect(row).to_contain_text("Successful", timeout=20_000)
    expect(row).to_contain_text("Late Check-in")
    assert page.evaluate("window.wasNotReloaded")
    written = {row["studentid"]: row for row in product.simulator.journal()}
    assert written[SEED["students"][AT_HIGH]["id"]]["att_code"] == "T"


def prevent_overrides(page: Page) -> None:
    """Turn Prevent School Overrides on, and give every school Daily mode."""
    page.goto(tabs.SCHOOLS)
    page.get_by_role("link", name="Turn on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Prevent School Overrides"
    )
    for school in (HIGH, MIDDLE, MAPLE):
        page.get_by_label(school).select_option(label="Daily")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Prevent School Overrides: On")).to_be_visible()


def assert_list_is_read_only(page: Page) -> None:
    """Hold that a building admin sees the own schools and no control."""
    table = page.get_by_role("table")
    expect(table).to_contain_text(HIGH)
    expect(table).to_contain_text(MIDDLE)
    expect(table).not_to_contain_text(MAPLE)
    expect(table).to_contain_text("Daily")
    expect(page.locator("main select, main input, main button")).to_have_count(0)
    expect(page.get_by_role("link", name="Settings", exact=True)).to_have_count(0)
