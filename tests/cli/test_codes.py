"""`codes`: importing attendance codes from PowerSchool, listing what is there."""

import pytest

from tests.cast import OAKWOOD_SEED, make_oakwood
from vmps.models import AttendanceCode, Connection, School


@pytest.fixture
def oakwood(settings, shared_simulator):
    shared_simulator.seed(OAKWOOD_SEED)
    return make_oakwood(shared_simulator.url)


def bring_in(run, *more):
    return run("codes", "import", "--district", "Oakwood", *more)


def test_import_says_what_came_and_then_what_changed(run, oakwood):
    assert bring_in(run, "--school", "1817").out == (
        "School 1817: 4 codes imported for "
        f"{year(oakwood)}.\n"
    )  # fmt: skip
    assert "nothing changed" in bring_in(run, "--school", "1817").out


def year(oakwood) -> str:
    start = 1990 + School.get_by_id(oakwood.school.id).codes_year_id
    return f"{start}-{(start + 1) % 100}"


def test_all_schools_are_imported_and_one_without_codes_is_named(run, oakwood):
    School.create(district=oakwood.district, number="9", name="Elm")
    ended = bring_in(run, "--json")
    assert ended.code == 1
    assert [row["school"] for row in ended.json["imported"]] == ["1817"]
    assert "no attendance codes for school 9" in ended.json["refused"]["9"]


def test_next_year_s_codes_need_a_school(run, oakwood):
    assert "Name the --school" in bring_in(run, "--next-year").err
    assert bring_in(run, "--school", "1817", "--next-year").code == 0
    assert School.get_by_id(oakwood.school.id).codes_year_id is None
    assert AttendanceCode.select().count() == 5


def test_without_a_connection_it_says_so(run, oakwood):
    Connection.delete().execute()
    ended = bring_in(run)
    assert (ended.code, "not connected" in ended.err) == (1, True)


def test_list_shows_the_codes(run, oakwood):
    bring_in(run)
    rows = run("codes", "list", "--json").json
    assert [row["code"] for row in rows] == ["", "A", "ED", "S", "T"]
    assert rows[1] | {"year": "", "district": 1} == {
        "district": 1,
        "school": "1817",
        "year": "",
        "code": "A",
        "description": "Absent",
        "presence": "Absent",
    }
    assert "Tardy" in run("codes", "list").out
