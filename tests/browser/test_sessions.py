"""A session that ends under a page: htmx goes to the sign-in page, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.product import Product, sign_in
from tests.browser.visit import Visit
from vmps.clock import utcnow
from vmps.models import User, UserSession

Open = Callable[..., Visit]
CHARLIE = "charlie@birch.example"


def test_a_session_that_was_idle_too_long_leads_htmx_to_sign_in_and_back(
    oakwood: Product, visit: Open
) -> None:
    seen = visit(oakwood)
    seen.expect_statuses(401)
    seen.go("/password/")
    sign_in(seen, CHARLIE)
    seen.page.get_by_label("Current password").fill("whatever it was")
    let_be_idle(oakwood.cast.charlie)
    seen.page.get_by_role("button", name="Change password").click()
    expect(seen.page).to_have_url(re.compile(r"/sign-in/\?next=/password/"))
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert seen.page.get_by_label("Current password").count() == 0
    sign_in(seen, CHARLIE)
    expect(seen.page).to_have_url(f"{oakwood.url}/password/")


def let_be_idle(user: User) -> None:
    """Let all sessions of the user have been idle for an hour."""
    hour_ago = utcnow() - timedelta(hours=1)
    UserSession.update(seen_at=hour_ago).where(UserSession.user == user).execute()
