"""Before the first start, and before every other one."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from vmps import db
from vmps.demo import prepare as preparing
from vmps.demo.districts import BIRCH, DISTRICTS, OAKWOOD
from vmps.demo.folder import DemoError, DemoFolder
from vmps.demo.passwords import BITS, make_password
from vmps.demo.prepare import prepare
from vmps.demo.welcome import welcome


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoFolder]:
    """A folder that was made ready once."""
    folder = DemoFolder(tmp_path_factory.mktemp("demo") / "data")
    prepare(folder)
    yield folder
    db.drop_connection()


def rows_of(folder: DemoFolder) -> list[str]:
    """Return the whole database as statements."""
    with sqlite3.connect(folder.database) as connection:
        return list(connection.iterdump())


def answer_to(folder: DemoFolder, sql: str) -> list[tuple[object, ...]]:
    """Return what the database answers."""
    with sqlite3.connect(folder.database) as connection:
        return connection.execute(sql).fetchall()


def test_a_second_start_changes_nothing(folder: DemoFolder) -> None:
    before, kept = rows_of(folder), folder.read()
    seeds = [folder.of(plan).seed.read_bytes() for plan in DISTRICTS]
    prepare(folder)
    assert rows_of(folder) == before
    assert folder.read() == kept
    assert [folder.of(plan).seed.read_bytes() for plan in DISTRICTS] == seeds


def test_a_port_that_is_taken_moves_the_connection(
    folder: DemoFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    students = "SELECT COUNT(*) FROM student"
    before = answer_to(folder, students)
    monkeypatch.setattr(preparing, "choose_port", lambda wanted: wanted - 1)
    prepare(folder)
    urls = answer_to(folder, "SELECT base_url FROM connection ORDER BY id")
    assert urls == [(folder.simulator_url(plan),) for plan in DISTRICTS]
    assert answer_to(folder, students) == before


def test_there_are_a_few_thousand_students_in_two_districts(
    folder: DemoFolder,
) -> None:
    sql = (
        "SELECT district.name, COUNT(DISTINCT school.id), COUNT(*) FROM student"
        " JOIN school ON school.id = school_id"
        " JOIN district ON district.id = student.district_id GROUP BY district.name"
    )
    assert answer_to(folder, sql) == [("Birch", 2, 801), ("Oakwood", 5, 2501)]


def test_no_school_is_named_after_the_other_district() -> None:
    for plan, other in ((OAKWOOD, BIRCH), (BIRCH, OAKWOOD)):
        assert not any(other.name in school.name for school in plan.schools)


def test_the_welcome_names_everybody_with_the_kept_password(
    folder: DemoFolder,
) -> None:
    said, kept = welcome(folder), folder.read()
    users = [user for plan in DISTRICTS for user in plan.users]
    lines = Counter(
        (user.email in line and kept[user.password_name] in line)
        for line in said.splitlines()
        for user in users
    )
    assert lines[True] == len(users) == 5
    assert f"{folder.web_url}/sign-in" in said


def test_a_demo_of_an_earlier_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "seed.json").write_text("{}")
    with pytest.raises(DemoError, match="make clean"):
        prepare(DemoFolder(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["seed.json"]


def test_passwords_are_long_random_and_never_hold_the_name() -> None:
    made = [make_password("bob@oakwood.example") for _ in range(2000)]
    assert BITS >= 60
    assert min(map(len, made)) >= 12
    assert len(set(made)) == len(made)
    assert not any("bob" in password for password in made)
