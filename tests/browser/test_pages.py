"""Every page, as everybody who may see it, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.product import Product
from tests.browser.visit import NARROW, WIDE, Look, Visit

ALICE = [
    "/admin/powerschool/settings/",
    "/admin/powerschool/schools/",
    "/admin/powerschool/logs/",
    "/admin/tracking/",
    "/password/",
]
BOB = ALICE[1:]
EACH = [("alice", path) for path in ALICE] + [("bob", path) for path in BOB]
EACH += [("stella", "/"), ("stella", "/password/")]

Open = Callable[..., Visit]


@pytest.mark.parametrize(("who", "path"), EACH)
def test_a_page_keeps_nobody_out(
    oakwood: Product, visit: Open, who: str, path: str
) -> None:
    seen = visit(oakwood, getattr(oakwood.cast, who))
    assert seen.go(path).status == 200
    seen.check()


def test_the_sign_in_page_keeps_nobody_out(oakwood: Product, visit: Open) -> None:
    seen = visit(oakwood)
    seen.go("/sign-in/")
    seen.check()


def test_a_form_with_errors_keeps_nobody_out(oakwood: Product, visit: Open) -> None:
    seen = visit(oakwood, oakwood.cast.alice)
    seen.expect_statuses(422)
    seen.go("/password/")
    seen.page.get_by_role("button", name="Change password").click()
    seen.page.get_by_role("heading", name="Please correct this").wait_for()
    seen.check()


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
