"""The simulator grants what a plugin's ZIP asks for, the product's own by default."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from vmps.powerschool import FieldGrant
from vmps.powerschool.plugin import ACCESS_REQUEST, Edition, pack, plugin_xml
from vmps.simulator.columns import TABLES
from vmps.simulator.control import Simulator
from vmps.simulator.grants import Grants
from vmps.simulator.invent import invent_district
from vmps.simulator.plugins import PluginRefused, read_plugin
from vmps.simulator.queries import QUERIES, Query

from .caller import Caller


def a_plugin(without: tuple[str, str] | None = None) -> str:
    fields = [
        requested.grant
        for requested in ACCESS_REQUEST
        if (requested.grant.table, requested.grant.field) != without
    ]
    return plugin_xml(
        Edition.BEFORE_25_2, version="1.0", contact="a@b.example", fields=fields
    )


def test_the_product_s_own_plugin_is_installed_unless_told_otherwise() -> None:
    grants = Grants(read_plugin(None).xml)
    attendance = TABLES["attendance"]
    assert grants.access_level == "READ"
    assert grants.can_write(attendance, attendance.columns["att_date"])
    assert not grants.can_write(attendance, attendance.columns["dcid"])
    assert not grants.can_read(attendance, attendance.columns["psguid"])


def test_a_field_that_a_plugin_lacks_is_not_granted(tmp_path: Path) -> None:
    file = tmp_path / "plugin.zip"
    file.write_bytes(pack(a_plugin(without=("ATTENDANCE", "YEARID"))))
    grants, attendance = Grants(read_plugin(file).xml), TABLES["attendance"]
    assert grants.access(attendance, attendance.columns["yearid"]) == "NoAccess"
    assert grants.access(attendance, attendance.columns["ccid"]) == "FullAccess"


def test_grants_are_those_of_the_given_plugin(tmp_path: Path) -> None:
    plugin, seed = tmp_path / "plugin.xml", invent_district(1, 2)
    plugin.write_text(a_plugin(without=("SCHOOLS", "NAME")))  # one needs no ZIP
    simulator = Simulator.start(tmp_path / "data", seed=seed, plugin=plugin)
    caller = Caller(simulator, seed)
    caller.log_in()
    assert caller.table("schools", "id").status_code == 200
    assert caller.table("schools", "name").status_code == 403
    caller.session.close()
    simulator.stop()


def test_a_wrapper_folder_is_refused(tmp_path: Path) -> None:
    """The commonest failure of an installation: the ZIP was unpacked and packed."""
    with ZipFile(tmp_path / "plugin.zip", "w") as file:
        file.writestr("vmps/plugin.xml", a_plugin())
    with pytest.raises(PluginRefused, match="not at the archive's root"):
        read_plugin(tmp_path / "plugin.zip")


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plugin.zip").write_text("PK")
    with pytest.raises(PluginRefused, match="no ZIP"):
        read_plugin(tmp_path / "plugin.zip")


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_it_may_run_every_built_in_query(query: Query) -> None:
    grants = Grants(read_plugin(None).xml)
    touched = [
        (TABLES[key], TABLES[key].columns[name])
        for key, names in query.touches.items()
        for name in names.split()
    ]
    assert touched
    assert [c.name for t, c in touched if not grants.can_read(t, c)] == []


@pytest.mark.parametrize(
    ("table", "field", "problem"),
    [
        ("SECTIONMEETING", "SECTIONID", "Invalid Table: sectionmeeting"),
        ("CC", "SECTION_ID", "Invalid Column: cc.section_id"),
    ],
)
def test_an_unknown_name_keeps_the_whole_plugin_out(
    table: str, field: str, problem: str
) -> None:
    line = FieldGrant(table, field, "ViewOnly").plugin_line()
    xml = a_plugin().replace("<access_request>", f"<access_request>{line}")
    with pytest.raises(PluginRefused, match=problem):
        Grants(xml.encode())


def test_a_simulator_does_not_start_with_a_refused_plugin(tmp_path: Path) -> None:
    (tmp_path / "plugin.zip").write_text("PK")
    with pytest.raises(RuntimeError, match="the plugin is refused: the file is no ZIP"):
        Simulator.start(tmp_path / "data", plugin=tmp_path / "plugin.zip")
