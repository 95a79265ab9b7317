"""SQLite as we run it: its pragmas, a full disk, files that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import make_district
from vmps import db
from vmps.models import District

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("wal_autocheckpoint", 4000),
    ],
)
def test_every_connection_has_the_pragmas(
    database_url: str, pragma: str, value: object
) -> None:
    assert db.query(f"PRAGMA {pragma}") == [(value,)]
    db.drop_connection()
    assert db.query(f"PRAGMA {pragma}") == [(value,)]


def test_transactions_begin_with_the_write_lock(database_url: str) -> None:
    said: list[str] = []
    make_district()
    db.database.connection().set_trace_callback(said.append)
    with db.transaction():
        District.select().count()
    assert said[0] == "BEGIN IMMEDIATE"


def fill_disk() -> None:
    """Let the file grow no more."""
    ((pages,),) = db.query("PRAGMA page_count")
    db.query(f"PRAGMA max_page_count = {pages}")


def write_much() -> None:
    with db.transaction():
        for number in range(2000):
            District.create(name=f"{number}" * 100, timezone="UTC")


def test_a_full_disk_is_unavailable_and_keeps_what_was_there(
    database_url: str,
) -> None:
    make_district()
    fill_disk()
    with pytest.raises(db.UNAVAILABLE, match="full"):
        write_much()
    assert [district.name for district in District.select()] == ["Oakwood"]


def test_after_a_full_disk_the_next_transaction_is_good(database_url: str) -> None:
    make_district()
    fill_disk()
    with pytest.raises(db.UNAVAILABLE):
        write_much()
    with db.transaction():
        make_district("Birch")
    assert District.select().count() == 2


def write_twice_much() -> None:
    with db.transaction():
        make_district("Birch")
        write_much()


def test_a_full_disk_in_a_nested_transaction_ends_the_outer_one(
    database_url: str,
) -> None:
    make_district()
    fill_disk()
    with pytest.raises(db.UNAVAILABLE):
        write_twice_much()
    assert not db.database.in_transaction()
    assert District.select().count() == 1


def test_a_file_that_is_no_database_is_an_error_not_a_new_one(
    database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.sqlite3"
    path.write_bytes(b"not a database, but somebody's file" * 100)
    db.configure(f"sqlite:///{path}")
    with pytest.raises(Exception, match="not a database"):
        District.select().count()
    assert path.read_bytes().startswith(b"not a database")


def test_the_folder_of_a_new_database_is_made(
    database_url: str, tmp_path: Path
) -> None:
    db.configure(f"sqlite:///{tmp_path}/a/b/vmps.sqlite3")
    assert db.query("SELECT 1") == [(1,)]
    assert (tmp_path / "a" / "b" / "vmps.sqlite3").exists()
