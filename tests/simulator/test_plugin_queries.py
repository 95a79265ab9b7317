"""The plugin's own query is answered as its ZIP has it: a broken file is noticed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vmps.powerschool.plugin import (
    STUDENTS_FILE,
    STUDENTS_LISTED,
    Edition,
    pack,
    plugin_xml,
    query_files,
)
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district
from vmps.simulator.plugins import Plugin, PluginRefused, read_plugin

from .caller import Caller

GOOD = query_files()[STUDENTS_FILE]
XML = plugin_xml(Edition.FROM_25_2, version="1.0", contact="a@b.example")
PATH = f"/ws/schema/query/{STUDENTS_LISTED}"


def installed(folder: Path, *changes: tuple[str, str]) -> Plugin:
    """Read a ZIP whose file of queries was changed."""
    text = GOOD
    for good, bad in changes:
        assert good in text
        text = text.replace(good, bad, 1)
    file = folder / "plugin.zip"
    file.write_bytes(pack(XML, {STUDENTS_FILE: text}))
    return read_plugin(file)


def ask(caller: Caller, kind: str, numbers: str, **more: Any) -> Any:
    body = {"kind": kind, "numbers": numbers, **more}
    return caller.call("POST", f"{PATH}?pagesize=0", json=body)


@pytest.mark.parametrize("kind", ["dcid", "id", "student_number"])
def test_students_are_found_by_each_kind_of_number(caller: Caller, kind: str) -> None:
    wanted = [caller.students(number)[7] for number in ("1817", "1818")]
    numbers = ",".join(str(student[kind]) for student in wanted)
    rows = ask(caller, kind, numbers).json()["record"]
    assert {row["first_name"] for row in rows} == {s["first_name"] for s in wanted}
    assert [int(row["dcid"]) for row in rows] == sorted(row["_id"] for row in rows)
    assert rows[0]["_name"] == "students"
    assert "exitdate" not in rows[0]  # null


def test_only_whole_numbers_are_found(caller: Caller) -> None:
    dcid = str(caller.students()[0]["dcid"])
    assert not ask(caller, "dcid", dcid[:-1]).json().get("record")
    assert not ask(caller, "dcid", f"1{dcid}").json().get("record")
    assert not ask(caller, "name", dcid).json().get("record")


@pytest.mark.parametrize(
    "body",
    [
        {"numbers": "1"},
        {"kind": "dcid"},
        {"kind": "dcid", "numbers": "1", "school": "1"},
        {"kind": "dcid", "numbers": [1, 2]},
        {"kind": "dcid", "numbers": "1," * 2001},
    ],
)
def test_other_arguments_are_refused(caller: Caller, body: Any) -> None:
    assert caller.call("POST", PATH, json=body).status_code == 400


@pytest.mark.parametrize("field", ["DCID", "LAST_NAME", "EXITDATE", "STUDENT_NUMBER"])
def test_each_touched_column_has_to_be_granted(
    caller: Caller, simulator: Simulator, field: str
) -> None:
    simulator.withdraw("STUDENTS", field)
    answer = ask(caller, "dcid", "1")
    assert answer.status_code == 403
    assert [e["field"].upper() for e in answer.json()["errors"]] == [field]


def test_it_can_be_hidden(caller: Caller, simulator: Simulator) -> None:
    simulator.settings(missing_queries=["students_listed"])
    assert ask(caller, "dcid", "1").status_code == 404


def test_a_plugin_without_the_file_has_no_such_query(tmp_path: Path) -> None:
    file, seed = tmp_path / "plugin.zip", invent_district(1, 2)
    file.write_bytes(pack(XML, {}))
    simulator = Simulator.start(tmp_path / "data", seed=seed, plugin=file)
    caller = Caller(simulator, seed)
    caller.log_in()
    answer = ask(caller, "dcid", "1")
    assert answer.status_code == 404
    assert answer.json()["message"] == f"Query {STUDENTS_LISTED} not found"
    caller.session.close()
    simulator.stop()


def test_the_file_as_it_is_installs(tmp_path: Path) -> None:
    assert list(installed(tmp_path).queries) == [STUDENTS_LISTED]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (":numbers ||", ":number ||"),
        ('name="kind"', 'name="Kind"'),
    ],
)
def test_an_undeclared_bind_installs_and_is_never_found(
    tmp_path: Path, good: str, bad: str
) -> None:
    assert installed(tmp_path, (good, bad)).queries == {}


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("students.dcid as dcid,", "", "the columns are"),
        ("students.dcid as dcid,", "students.dcid as number,", "the columns are"),
        ("students.id as id", "students.ids as id", "no such column"),
        ('column="STUDENTS.DCID"', 'column="STUDENTS.KEY"', "Invalid Column"),
        ("order by students.dcid", "", "ORDER BY"),
        ("com.vmps.attendance.", "com.vmps.", "five parts"),
        ('type="primitive"', 'type="list"', "primitive"),
        ('flattened="true"', 'flattened="false"', "flattened"),
        ("instr(", "instr((", "does not run"),
        ("select\n", "delete from students; select\n", "does not run"),
        ("</sql>", "", "mismatched tag"),
    ],
)
def test_a_broken_file_keeps_the_whole_plugin_out(
    tmp_path: Path, good: str, bad: str, problem: str
) -> None:
    with pytest.raises(PluginRefused, match=f"{STUDENTS_FILE}.*{problem}"):
        installed(tmp_path, (good, bad))
