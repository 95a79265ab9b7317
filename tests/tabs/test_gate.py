"""The gate of PowerSchool Setup: without a connection two tabs say who makes one."""

from __future__ import annotations

import pytest

from tests.cast import Cast

from .conftest import Browse, connect

SETTINGS = "/admin/powerschool/settings/"
TABS = ("/admin/powerschool/schools/", "/admin/powerschool/logs/")


@pytest.mark.parametrize("tab", TABS)
def test_a_district_admin_is_led_to_settings(
    cast: Cast, browse: Browse, tab: str
) -> None:
    page = browse(cast.alice).get(tab)
    assert page.status == 200
    assert "opens once Oakwood is connected to PowerSchool" in page.text
    assert page.one("main a.btn")["href"] == SETTINGS


@pytest.mark.parametrize("tab", TABS)
def test_a_building_admin_reads_whom_to_ask(
    cast: Cast, browse: Browse, tab: str
) -> None:
    page = browse(cast.bob).get(tab)
    assert page.status == 200
    assert "Ask alice@oakwood.example." in page.text
    assert "charlie" not in page.response.text
    assert page.all(f'a[href="{SETTINGS}"]') == []


@pytest.mark.parametrize("tab", TABS)
def test_another_district_s_connection_opens_nothing(
    cast: Cast, browse: Browse, tab: str
) -> None:
    connect(cast.birch)
    assert "opens once Oakwood is connected" in browse(cast.bob).get(tab).text


def test_saving_opens_both_for_both(cast: Cast, browse: Browse) -> None:
    alice, bob = browse(cast.alice), browse(cast.bob)
    sent = alice.get(SETTINGS).form("#settings-form")
    typed = {"url": "https://oakwood.example", "client_id": "id", "client_secret": "s"}
    assert alice.post(SETTINGS, sent | typed).status == 303
    pages = [visitor.get(tab) for visitor in (alice, bob) for tab in TABS]
    assert [page.status for page in pages] == [200] * 4
    assert [page for page in pages if "opens once" in page.text] == []
