"""What the log shows of a morning: real events, sent by the running product."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import tabs
from tests.browser.morning import ZONE, last_morning
from tests.browser.product import EARLY, SEED, Product
from tests.browser.visit import Visit

Open = Callable[..., Visit]
DENTIST = 12  # the seed's student who left for the dentist


def test_the_table_shows_every_value_of_an_event(oakwood: Product, visit: Open) -> None:
    page = visit(oakwood, oakwood.cast.alice).page
    page.goto(tabs.LOGS)
    student = SEED["students"][DENTIST]
    row = tabs.log_row(page, DENTIST)
    expect(row).to_contain_text("Early Check-out")
    expect(row).to_contain_text(tabs.student_name(DENTIST))
    expect(row).to_contain_text(str(student["id"]))
    expect(row).to_contain_text(str(student["grade_level"]))
    expect(row).to_contain_text("Dentist (ED)")
    expect(row).to_contain_text("10:02 AM")
    expect(row).to_contain_text("Successful")


def test_times_are_the_school_s_wherever_the_browser_is(
    oakwood: Product, visit: Open
) -> None:
    page = visit(oakwood, oakwood.cast.alice).page
    page.goto(tabs.LOGS)
    here = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert here != str(ZONE)
    shown = f"{last_morning().astimezone(ZONE):%b %-d, %Y}, 8:04 AM"
    expect(tabs.log_row(page, 0)).to_contain_text(shown)
    expect(page.get_by_text("times are Chicago time")).to_be_visible()


def test_the_building_filter_lists_the_own_schools_only(
    oakwood: Product, visit: Open
) -> None:
    bob = visit(oakwood, oakwood.cast.bob).page
    bob.goto(tabs.LOGS)
    shown = bob.get_by_label("Building").locator("option").all_inner_texts()
    high, middle, _ = (row["name"] for row in SEED["schools"])
    assert sorted(shown) == ["All", high, middle]


def test_a_failed_event_leads_to_where_it_is_fixed(
    oakwood: Product, visit: Open
) -> None:
    page = visit(oakwood, oakwood.cast.bob).page
    page.goto(f"{tabs.LOGS}?status=failed")
    page.get_by_role("link", name=tabs.student_name(6)).click()
    expect(page.get_by_text("What to do:")).to_be_visible()
    page.get_by_role("link", name="Open Student Tracking").click()
    expect(page.get_by_label("Attendance code for Overslept")).to_have_value("")


def test_a_paused_lane_is_told_while_it_lasts_without_reloading(
    used: Product, visit: Open
) -> None:
    seen = visit(used, used.cast.alice)
    seen.go(tabs.LOGS)
    banner = seen.page.locator("#banner")
    expect(banner).to_have_text("")
    used.simulator.change_secret("another secret")
    used.simulator.expire_token()
    used.report(0, "Dentist", type=EARLY)
    expect(banner).to_contain_text("paused", timeout=20_000)
    seen.check()
    used.simulator.change_secret(SEED["client_secret"])
    expect(banner).to_have_text("", timeout=20_000)
    expect(tabs.log_row(seen.page, 0).first).to_contain_text("Successful")
