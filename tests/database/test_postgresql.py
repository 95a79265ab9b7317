"""PostgreSQL going away and coming back: who notices, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.cast import make_district
from tests.servers import PostgreSQL
from vmps import db, migrations
from vmps.models import District


@pytest.fixture(scope="module")
def migrated_url(own_postgresql: PostgreSQL) -> str:
    """A migrated database on a server that may be stopped."""
    url = own_postgresql.create_database("restarts")
    db.configure(url)
    migrations.upgrade()
    return url


@pytest.fixture
def url(own_postgresql: PostgreSQL, migrated_url: str) -> Iterator[str]:
    """That database, empty, with the server running again afterwards."""
    db.configure(migrated_url)
    db.database.execute_sql("TRUNCATE district CASCADE")
    make_district()
    yield migrated_url
    db.drop_connection()


def cut(url: str) -> None:
    """End every other connection to the database."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restarted_server_is_met_again_at_the_next_transaction(
    url: str, own_postgresql: PostgreSQL, mode: str
) -> None:
    own_postgresql.halt(mode)
    own_postgresql.launch()
    with db.transaction():
        make_district("Birch")
    assert District.select().count() == 2


def test_a_stopped_server_is_unavailable_and_then_well_again(
    url: str, own_postgresql: PostgreSQL
) -> None:
    own_postgresql.halt()
    try:
        with pytest.raises(db.UNAVAILABLE), db.transaction():
            make_district("Birch")
    finally:
        own_postgresql.launch()
    with db.transaction():
        make_district("Birch")
    assert District.select().count() == 2


def make_while_cut(url: str, *more: str) -> None:
    with db.transaction():
        make_district("Birch")
        cut(url)
        for name in more:
            make_district(name)


def test_a_connection_cut_within_a_transaction_undoes_it(url: str) -> None:
    with pytest.raises(db.UNAVAILABLE):
        make_while_cut(url, "Cedar")
    with db.transaction():
        make_district("Dale")
    assert {row.name for row in District.select()} == {"Oakwood", "Dale"}


def test_a_connection_cut_before_the_commit_undoes_it(url: str) -> None:
    with pytest.raises(db.UNAVAILABLE):
        make_while_cut(url)
    with db.transaction():
        make_district("Dale")
    assert {row.name for row in District.select()} == {"Oakwood", "Dale"}


def test_a_lock_of_another_session_ends_the_wait(url: str) -> None:
    db.database.execute_sql("SET lock_timeout = 300")
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE district")
        with pytest.raises(db.UNAVAILABLE, match="lock timeout"), db.transaction():
            make_district("Birch")
    with db.transaction():
        make_district("Dale")
    assert District.select().count() == 2


def test_a_password_may_hold_any_character(own_postgresql: PostgreSQL) -> None:
    bound = db.configure("postgresql://us%40er:p%3Aa%2Fss@127.0.0.1/name")
    given = bound.connect_params
    assert (given["user"], given["password"]) == ("us@er", "p:a/ss")
    assert (bound.database, given["port"]) == ("name", 5432)
