"""What an admin does on each tab, as a person would: by label, never by address."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.product import SEED, Product

SETTINGS = "/admin/powerschool/settings/"
SCHOOLS = "/admin/powerschool/schools/"
LOGS = "/admin/powerschool/logs/"
TRACKING = "/admin/tracking/"
CODES = "/admin/tracking/{school_1817}/codes"


def fill_connection(page: Page, product: Product) -> None:
    """Type what PowerSchool's plugin page shows."""
    page.get_by_label("PowerSchool URL").fill(product.simulator.url)
    page.get_by_label("Client ID").fill(SEED["client_id"])
    page.get_by_label("Client Secret").fill(SEED["client_secret"])
    page.get_by_role("radio", name="SIS ID").check()


def save_connection(page: Page) -> None:
    page.get_by_role("button", name="Save and Apply to All Schools").click()


def press_test(page: Page) -> Locator:
    """Press Test connection, wait for it; return the steps that it went through.

    An earlier test's answer may stand there, until this one takes its place.
    """
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#settings-health[data-focus]")).to_be_visible()
    return page.locator("#settings-test li")


def choose_mode(page: Page, school: str, mode: str) -> None:
    page.get_by_label(f"Attendance Mode of {school}").select_option(label=mode)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def map_reason(page: Page, reason: str, code: str) -> None:
    page.get_by_label(f"Attendance code for {reason}").fill(code)
    save(page)


def import_codes(page: Page) -> None:
    """Import the school's codes and wait for them."""
    page.get_by_role("button", name="Import attendance codes").click()
    expect(told(page)).to_contain_text("imported")


def show_school(page: Page, school: str) -> None:
    """Pick a school on Student Tracking, unless it is there already."""
    shown = page.get_by_role("heading", name=school)
    if not shown.is_visible():
        page.get_by_label("School", exact=True).select_option(label=school)
        page.get_by_role("button", name="Show").click()
    expect(shown).to_be_visible()


def follow(page: Page, label: str) -> None:
    """Follow a link of the side navigation."""
    main = page.get_by_role("navigation", name="Main")
    main.get_by_role("link", name=label).click()


def told(page: Page) -> Locator:
    """Return where the page says what was done."""
    return page.locator("#status")


def log_row(page: Page, place: int) -> Locator:
    """Return the log's row of a student of the seed."""
    return page.locator("#logs-table tbody tr", has_text=student_name(place))


def student_name(place: int) -> str:
    row = SEED["students"][place]
    return f"{row['first_name']} {row['last_name']}"
