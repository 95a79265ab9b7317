"""Transactions on both engines, and the traps of the ORM below them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from peewee import OperationalError

from tests.cast import make_district
from vmps import db
from vmps.models import District, Lane
from vmps.services import bell

from .conftest import Start, finish


@pytest.fixture(autouse=True)
def silent_bell() -> Iterator[None]:
    """Leave a silent bell behind."""
    yield
    bell.bind(lambda district_id: None)


class Regret(Exception):
    """What ends a transaction here."""


def make_and_regret(name: str) -> None:
    with db.transaction():
        make_district(name)
        bell.ring_after_commit(1)
        raise Regret


def names() -> set[str]:
    return {district.name for district in District.select()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_four_processes_that_read_and_write_are_never_locked_out(
    database_url: str, start: Start
) -> None:
    make_district(timezone="0")
    processes = [start("count_up", database_url, 100) for _ in range(4)]
    assert finish(*processes) == ["0"] * 4
    assert District.get().timezone == "400"


def test_a_program_without_our_gate_is_waited_for(
    database_url: str, start: Start
) -> None:
    make_district()
    other = start("hold", database_url, 3)
    began = time.monotonic()
    with db.transaction():
        District.update(timezone="Asia/Tokyo").execute()
    assert 2 < time.monotonic() - began < 4.5
    assert District.get().timezone == "Asia/Tokyo"
    assert other.wait(10) == 0


def test_a_bell_that_raises_does_not_undo_the_commit(database_url: str) -> None:
    def broken(district_id: int) -> None:
        raise OperationalError("no bell")

    bell.bind(broken)
    with db.transaction():
        make_district()
        bell.ring_after_commit(1)
    assert names() == {"Oakwood"}
    assert not db.database.in_transaction()


def test_a_bell_does_not_ring_for_what_was_rolled_back(database_url: str) -> None:
    rung: list[int] = []
    bell.bind(rung.append)
    with pytest.raises(Regret):
        make_and_regret("Oakwood")
    with db.transaction():
        make_district("Birch")
    assert (names(), rung) == ({"Birch"}, [])


def test_an_error_undoes_the_whole_transaction(database_url: str) -> None:
    with pytest.raises(Regret):
        make_and_regret("Oakwood")
    assert names() == set()
    assert Lane.select().count() == 0


def test_a_nested_transaction_is_undone_alone(database_url: str) -> None:
    with db.transaction():
        make_district("Oakwood")
        with pytest.raises(Regret):
            make_and_regret("Birch")
        make_district("Cedar")
    assert names() == {"Oakwood", "Cedar"}


def test_a_refused_row_does_not_poison_the_transaction_around_it(
    database_url: str,
) -> None:
    with db.transaction():
        make_district("Oakwood")
        with pytest.raises(Exception, match=r"(?i)unique"), db.transaction():
            District.create(name="Oakwood", timezone="UTC")
        make_district("Birch")
    assert names() == {"Oakwood", "Birch"}


def test_what_on_conflict_inserted_is_told_by_returning(database_url: str) -> None:
    make_district("Oakwood")
    make_district("Birch")
    sql = (
        "INSERT INTO district (name, timezone, created_at, prevents_overrides,"
        " prevents_tardy_overrides)"
        " VALUES (%s, %s, %s, false, false)"
        " ON CONFLICT (name) DO NOTHING RETURNING name, id"
    )
    now = "2026-11-23 14:14:05.000000"
    assert db.query(sql, ("Oakwood", "UTC", now)) == []
    assert db.query(sql, ("Cedar", "UTC", now))[0][0] == "Cedar"


def test_many_rows_of_one_statement_are_undone_together(database_url: str) -> None:
    sql = (
        "INSERT INTO district (name, timezone, created_at, prevents_overrides,"
        " prevents_tardy_overrides)"
        " VALUES (%s, %s, %s, false, false)"
    )
    now = "2026-11-23 14:14:05.000000"
    rows = [("A", "UTC", now), ("B", "UTC", now), ("A", "UTC", now)]
    with pytest.raises(Exception, match=r"(?i)unique"), db.transaction():
        db.execute_many(sql, rows)
    assert names() == set()
    db.execute_many(sql, [])


def test_a_killed_writer_leaves_nothing_behind(database_url: str, start: Start) -> None:
    make_district(timezone="America/Chicago")
    other = start("hold", database_url, 60)
    other.kill()
    assert other.wait(10) != 0
    with db.transaction():
        assert District.get().timezone == "America/Chicago"
        District.update(timezone="Asia/Tokyo").execute()
