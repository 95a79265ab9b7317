"""Settings' Download plugin: both editions, before and after a connection is saved."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from vmps.powerschool.plugin import ACCESS_REQUEST, Edition, installed_version
from vmps.simulator.control import Simulator

from .visitor import Page, Visitor

SETTINGS = "/admin/powerschool/settings/"
SPACE = "{http://plugin.powerschool.pearson.com}"


def links(page: Page) -> dict[str, str]:
    """Return the buttons' addresses by their words."""
    found = page.all("#settings-plugin .downloads a")
    return {link.get_text(): str(link["href"]) for link in found}


def plugin_of(page: Page) -> etree._Element:
    """Return the root of the downloaded plugin.xml."""
    with ZipFile(BytesIO(page.response.data)) as file:
        return etree.fromstring(file.read("plugin.xml"))


def test_the_buttons_say_which_powerschool_each_is_for(alice: Visitor) -> None:
    assert list(links(alice.get(SETTINGS))) == [
        "Download for PowerSchool 25.2 or newer",
        "Download for older PowerSchool, before 25.2",
    ]


@pytest.mark.parametrize("edition", Edition)
def test_a_plugin_is_downloaded_before_a_connection_is_saved(
    alice: Visitor, edition: Edition
) -> None:
    (address,) = [url for url in links(alice.get(SETTINGS)).values() if edition in url]
    page = alice.get(address)
    name = f"vmps-attendance-{installed_version()}-{edition}.zip"
    assert page.status == 200
    assert page.headers["Content-Type"] == "application/zip"
    assert page.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_each_edition_asks_for_v1_as_its_powerschool_knows_it(alice: Visitor) -> None:
    newer, older = (
        plugin_of(alice.get(url)).find(f"{SPACE}oauth")
        for url in links(alice.get(SETTINGS)).values()
    )
    assert newer is not None
    assert older is not None
    assert (newer.attrib, older.attrib) == ({"accessLevelV1Api": "READ"}, {})


def test_an_unknown_edition_is_not_found(alice: Visitor) -> None:
    assert alice.get(f"{SETTINGS}plugin/from-99").status == 404


def test_the_publisher_s_contact_is_the_setting(alice: Visitor) -> None:
    alice.app.extensions["vmps.settings"].plugin_contact = "it@oakwood.example"
    root = plugin_of(alice.get(f"{SETTINGS}plugin/from-25.2"))
    (contact,) = root.iterfind(f"{SPACE}publisher/{SPACE}contact")
    assert contact.attrib == {"email": "it@oakwood.example"}


def test_a_powerschool_takes_what_is_downloaded(alice: Visitor, tmp_path: Path) -> None:
    file = tmp_path / "plugin.zip"
    file.write_bytes(alice.get(f"{SETTINGS}plugin/before-25.2").response.data)
    simulator = Simulator.start(tmp_path / "powerschool", plugin=file)
    found = simulator.settings()["accessLevelV1Api"]
    assert (found, simulator.stop()) == ("NONE", 0)


def test_the_steps_are_numbered_and_end_at_the_credentials(alice: Visitor) -> None:
    steps = alice.get(SETTINGS).words("#settings-plugin ol > li")
    assert len(steps) == 5
    assert "System → System Settings → Plugin Management Configuration" in steps[1]
    assert "Data Provider Configuration section shows the Client ID" in steps[-1]


def test_the_page_lists_every_field_that_is_asked_for(alice: Visitor) -> None:
    shown = alice.get(SETTINGS).one("#settings-access").get_text()
    missing = [r.grant for r in ACCESS_REQUEST if r.grant.field not in shown]
    assert missing == []
    assert "ATTENDANCE, for Daily mode, Time mode, Meeting mode, comments" in shown


def test_the_plugin_comes_first_until_a_connection_is_saved(alice: Visitor) -> None:
    assert sections(alice) == ["settings-plugin", "settings-form", "settings-test"]


@pytest.mark.usefixtures("connected")
def test_the_plugin_comes_last_from_then_on(alice: Visitor) -> None:
    found = sections(alice)
    assert (found[0], found[-1]) == ("settings-form", "settings-plugin")
    assert "settings-test" in found


def sections(visitor: Visitor) -> list[str]:
    """Return the page's parts in their order."""
    found = visitor.get(SETTINGS).all("#settings-panel > section, #settings-panel form")
    return [str(part["id"]) for part in found if part.has_attr("id")]
