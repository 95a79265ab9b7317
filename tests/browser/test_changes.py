"""An event corrected, voided and restored on the pages: PowerSchool follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.product import SEED, Product
from tests.browser.visit import Visit
from vmps.models import EventType, Reason

Open = Callable[..., Visit]
#: A student of 1817 who came late that morning, for each story.
PLACES = {"javascript": 15, "without": 3}


@pytest.fixture(params=[True, False], ids=["javascript", "without"])
def seen(request: pytest.FixtureRequest, used: Product, visit: Open) -> Visit:
    """Bob's browser, with and without scripts; his school has a second reason."""
    Reason.get_or_create(
        school=used.cast.schools["1817"],
        type=EventType.LATE_CHECK_IN,
        label="Car trouble",
        defaults={"code": "A"},
    )
    return visit(used, used.cast.bob, javascript=request.param)


def held(product: Product, place: int) -> dict[str, Any]:
    """Return what was written last for a student."""
    ps_id = SEED["students"][place]["id"]
    rows = [row for row in product.simulator.journal() if row["studentid"] == ps_id]
    return rows[-1]


def test_an_event_is_corrected_voided_and_restored(
    used: Product, seen: Visit, request: pytest.FixtureRequest
) -> None:
    place = PLACES[request.node.callspec.id]
    page = seen.page
    page.goto(f"{tabs.LOGS}?student={SEED['students'][place]['last_name']}")
    tabs.log_row(page, place).first.get_by_role("link").first.click()
    correct(page)
    used.settle(waiting=1)
    assert held(used, place)["att_code"] == "A"
    assert held(used, place)["att_comment"].endswith("Car trouble")
    void(page)
    used.settle(waiting=1)
    assert held(used, place)["att_code"] is None
    page.reload()
    expect(page.get_by_text("Voided", exact=True).first).to_be_visible()
    restore(page)
    used.settle(waiting=1)
    assert held(used, place)["att_code"] == "A"


def correct(page: Page) -> None:
    """Give the event another reason, having read what that does."""
    page.get_by_role("link", name="Correct …").click()
    page.get_by_label("Reason").select_option(label="Car trouble (A)")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("PowerSchool's T becomes A.")).to_be_visible()
    page.get_by_role("button", name="Correct this event").click()
    expect(tabs.told(page)).to_contain_text("The event is corrected.")
    expect(page.get_by_text("from “Bus late” to “Car trouble”")).to_be_visible()


def void(page: Page) -> None:
    """Void the event, having read what that does."""
    page.get_by_role("link", name="Void …").click()
    expect(page.get_by_text("the day becomes Present again")).to_be_visible()
    page.get_by_role("button", name="Void this event").click()
    expect(tabs.told(page)).to_contain_text("The event is void.")


def restore(page: Page) -> None:
    """Take the void back, having read what that does."""
    page.get_by_role("link", name="Restore …").click()
    expect(page.get_by_text("PowerSchool gets A.")).to_be_visible()
    page.get_by_role("button", name="Restore this event").click()
    expect(tabs.told(page)).to_contain_text("The event is restored.")
    expect(page.get_by_text("took the void back")).to_be_visible()
