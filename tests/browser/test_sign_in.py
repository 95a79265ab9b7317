"""Signing in and out, in a browser: where it leads, and what Back may show."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.product import Product, sign_in
from tests.browser.visit import Visit

Open = Callable[..., Visit]
ALICE = "alice@oakwood.example"


def test_a_wrong_password_keeps_the_page_and_says_so(
    oakwood: Product, visit: Open
) -> None:
    seen = visit(oakwood)
    seen.expect_statuses(422)
    sign_in(seen, ALICE, "not her password")
    alert = seen.page.get_by_role("alert").filter(has_text="Please correct this")
    expect(alert).to_be_focused()
    expect(seen.page).to_have_title(re.compile("^Error: Sign in"))
    expect(seen.page.get_by_label("E-mail address")).to_have_value(ALICE)
    expect(seen.page.get_by_label("Password")).to_have_value("")


def test_signing_in_leads_to_the_page_that_was_asked_for(
    oakwood: Product, visit: Open
) -> None:
    seen = visit(oakwood)
    seen.go("/password/")
    expect(seen.page).to_have_url(re.compile(r"/sign-in/\?next="))
    sign_in(seen, ALICE)
    expect(seen.page).to_have_url(f"{oakwood.url}/password/")


@pytest.mark.parametrize("other", ["//evil.example/", "https://evil.example/", "/\\e"])
def test_signing_in_leads_to_no_other_site(
    oakwood: Product, visit: Open, other: str
) -> None:
    seen = visit(oakwood)
    seen.go(f"/sign-in/?next={other}")
    sign_in(seen, ALICE)
    expect(seen.page).to_have_url(f"{oakwood.url}/admin/powerschool/logs/")


def test_an_admin_starts_in_the_log_and_staff_on_a_page_of_their_own(
    oakwood: Product, visit: Open
) -> None:
    alice = visit(oakwood, oakwood.cast.alice).page
    alice.goto("/")
    expect(alice.get_by_role("heading", level=1)).to_have_text("Writeback Logs")
    stella = visit(oakwood, oakwood.cast.stella).page
    stella.goto("/")
    expect(stella.get_by_role("heading", level=1)).to_have_text("Welcome")


def test_after_signing_out_back_shows_nothing_private(
    oakwood: Product, visit: Open
) -> None:
    seen = visit(oakwood)
    sign_in(seen, ALICE)
    seen.go("/password/")
    seen.page.get_by_role("button", name="Sign out").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    seen.page.go_back()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert ALICE not in seen.page.content()


def test_signing_out_in_one_window_ends_the_others(
    oakwood: Product, visit: Open
) -> None:
    seen = visit(oakwood)
    sign_in(seen, ALICE)
    other = seen.context.new_page()
    other.goto("/password/")
    seen.page.get_by_role("button", name="Sign out").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
