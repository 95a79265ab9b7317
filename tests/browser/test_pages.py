"""Every page, as everybody who may see it, in light and dark, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from zipfile import is_zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.product import NO_CODE, Product
from tests.browser.visit import NARROW, WIDE, Look, Visit

SETTINGS = "/admin/powerschool/settings/"
ADMINS = [
    "/admin/powerschool/schools/",
    "/admin/powerschool/logs/",
    "/admin/powerschool/logs/?status=failed",
    "/admin/powerschool/logs/?student=nobody&building={school_1817}",
    "/admin/powerschool/logs/{successful}",
    "/admin/powerschool/logs/{failed}",
    "/admin/powerschool/logs/{pending}",
    "/admin/powerschool/changes/{successful}/void",
    "/admin/powerschool/changes/{successful}/correct",
    "/admin/powerschool/preview/",
    "/admin/powerschool/reconciliation/",
    "/admin/tracking/",
    "/admin/tracking/?school={school_1818}",
    "/admin/tracking/codes",
    "/admin/tracking/{school_1817}/codes",
    "/admin/tracking/{school_1818}/codes",
    "/admin/tracking/tardies",
    "/admin/tracking/{school_1817}/tardies",
    "/password/",
]
ALICE = [
    SETTINGS,
    "/admin/powerschool/schools/overrides",
    "/admin/tracking/tardies/overrides",
    *ADMINS,
]
CHARLIE = [SETTINGS, "/admin/powerschool/logs/", "/admin/tracking/"]
EACH = [("alice", path) for path in ALICE] + [("bob", path) for path in ADMINS]
EACH += [("charlie", path) for path in CHARLIE]  # nobody has connected Birch
EACH += [("stella", "/"), ("stella", "/password/")]

Open = Callable[..., Visit]


@pytest.mark.parametrize(("who", "path"), EACH)
def test_a_page_keeps_nobody_out(
    oakwood: Product, visit: Open, who: str, path: str
) -> None:
    seen = visit(oakwood, getattr(oakwood.cast, who))
    assert seen.go(path.format_map(oakwood.places())).status == 200
    seen.check()


def test_the_rules_of_meeting_mode_keep_nobody_out(
    oakwood: Product, visit: Open
) -> None:
    seen = visit(oakwood, oakwood.cast.alice)
    seen.go("/admin/powerschool/schools/")
    seen.page.get_by_label("Attendance Mode of").first.select_option("meeting")
    seen.page.locator("summary", has_text="Meeting rules").click()
    for marks in seen.page.get_by_label("An early check-out marks").all()[:2]:
        expect(marks).to_be_visible()
    seen.check()


def test_the_sign_in_page_keeps_nobody_out(oakwood: Product, visit: Open) -> None:
    seen = visit(oakwood)
    seen.go("/sign-in/")
    seen.check()


def test_the_plugin_s_list_keeps_nobody_out_and_its_zip_is_downloaded(
    oakwood: Product, visit: Open
) -> None:
    seen = visit(oakwood, oakwood.cast.charlie)
    seen.go(SETTINGS)
    seen.page.get_by_text("What the plugin asks for", exact=True).click()
    expect(seen.page.get_by_text("Only attendance is written.")).to_be_visible()
    seen.check()
    with seen.page.expect_download() as download:
        seen.page.get_by_role("link", name="PowerSchool 25.2 or newer").click()
    assert download.value.suggested_filename.endswith("-from-25.2.zip")
    assert is_zipfile(download.value.path())


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/password/", "Change password"),
        ("/admin/powerschool/settings/", "Save and Apply to All Schools"),
        ("/admin/powerschool/schools/", "Save"),
        ("/admin/powerschool/logs/?from=2026-11-24&to=2026-11-23", "Apply"),
        ("/admin/powerschool/changes/{successful}/correct", "Continue"),
        ("/admin/tracking/", "Save"),
        ("/admin/tracking/tardies", "Save"),
    ],
)
def test_a_form_with_errors_keeps_nobody_out(
    oakwood: Product, visit: Open, path: str, button: str
) -> None:
    seen = visit(oakwood, oakwood.cast.alice)
    seen.expect_statuses(422)
    seen.go(path.format_map(oakwood.places()))
    spoil(seen.page)
    seen.page.get_by_role("button", name=button, exact=True).click()
    expect(seen.page).to_have_title(re.compile("^Error: "))
    seen.check()


def spoil(page: Page) -> None:
    """Type what no form here takes."""
    for label in ("PowerSchool URL", f"Attendance code for {NO_CODE}", "Time of"):
        if page.get_by_label(label).count():
            page.get_by_label(label).first.fill("https://x/y" * 9)
    modes = page.get_by_label("Attendance Mode of")
    if modes.count():
        modes.first.select_option(label="Choose a mode")
        page.get_by_role("switch").first.check()


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/admin/powerschool/settings/", 403)]
)
def test_an_error_page_keeps_nobody_out(
    oakwood: Product, visit: Open, path: str, status: int
) -> None:
    seen = visit(oakwood, oakwood.cast.bob)
    seen.expect_statuses(status)
    assert seen.go(path).status == status
    seen.check()


def test_a_form_that_is_too_old_keeps_nobody_out(oakwood: Product, visit: Open) -> None:
    seen = visit(oakwood)
    seen.expect_statuses(400)
    seen.go("/sign-in/")
    seen.page.evaluate("document.querySelector('[name=csrf_token]').value = 'old'")
    seen.page.get_by_role("button", name="Sign in").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("That did not work")
    seen.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_of_a_phone_keeps_nobody_out(
    oakwood: Product, visit: Open, scheme: str
) -> None:
    look = Look(scheme, NARROW.width)
    seen = visit(oakwood, oakwood.cast.alice, look=look)
    seen.go("/password/")
    seen.page.locator("summary", has_text="Menu").click()
    assert seen.page.get_by_role("link", name="Student Tracking").is_visible()
    seen.check([look])


def test_the_skip_link_shows_and_leads_past_the_navigation(
    oakwood: Product, visit: Open
) -> None:
    page = visit(oakwood, oakwood.cast.alice, look=WIDE).page
    page.goto("/password/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    box = link.bounding_box()
    assert box
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("name") == "current"
