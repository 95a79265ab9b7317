"""A button's address, opened as if it were a page, leads back to its page."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.owed import owe
from tests.tabs.conftest import connect

LOGS = "/admin/powerschool/logs/"
SCHOOLS = "/admin/powerschool/schools/"
TRACKING = "/admin/tracking/"


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Oakwood is connected."""
    connect(cast.oakwood)
    return cast


@pytest.mark.parametrize("button", ["retry", "entered-by-hand"])
def test_of_a_writeback_to_its_page_with_the_filters(cast, browse, button):
    row = owe(cast.schools["1817"], status="failed", cause="no_mode")
    page = browse(cast.bob).get(f"{LOGS}{row.id}/{button}?status=failed&row=1")
    assert (page.status, page.location) == (303, f"{LOGS}{row.id}?status=failed")
    row = type(row).get_by_id(row.id)
    assert row.status == "failed"


@pytest.mark.parametrize("button", ["{}/send", "overrides/off", "modes"])
def test_of_the_list_of_schools_to_the_list(cast, browse, button):
    path = SCHOOLS + button.format(cast.schools["1817"].id)
    assert browse(cast.alice).get(path).location == SCHOOLS


@pytest.mark.parametrize(
    ("button", "page"),
    [("", "?school={}"), ("/order", "?school={}"), ("/codes/import", "{}/codes")],
)
def test_of_a_school_s_reasons_and_codes_to_that_school(cast, browse, button, page):
    school = cast.schools["1818"].id
    answer = browse(cast.bob).get(f"{TRACKING}{school}{button}")
    assert answer.location == TRACKING + page.format(school)


def test_of_signing_out_signs_nobody_out(cast, browse):
    bob = browse(cast.bob)
    assert bob.get("/sign-in/leave").location == "/sign-in/"
    assert bob.get(LOGS).status == 200
