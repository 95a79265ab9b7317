"""A database that cannot take an event: 503, nothing stored, nothing lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from werkzeug.test import TestResponse

from tests.cast import Oakwood
from vmps import db
from vmps.models import StudentEvent, Writeback
from vmps.services import accept

from .desk import Desk, batch, late


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold the database as another program would."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE student_event")
        yield


def is_told_to_wait(answer: TestResponse) -> bool:
    assert answer.status_code == 503, answer.text
    assert answer.content_type == "application/problem+json"
    return int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def impatient(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose server waits for locks half a second only."""
    monkeypatch.setattr(accept, "WAIT_SECONDS", 0.5)
    if db.is_sqlite():
        db.database.execute_sql("PRAGMA busy_timeout = 500")
    else:
        db.database.execute_sql("SET lock_timeout = 500")
    return desk


def test_a_locked_database_is_503_and_the_retry_is_accepted(
    impatient: Desk, database_url: str
) -> None:
    with locked(database_url):
        assert is_told_to_wait(impatient.send(late(), "evt_a"))
    assert impatient.result(late(), "evt_a")["status"] == "accepted"
    assert StudentEvent.select().count() == Writeback.select().count() == 1


def test_a_batch_that_meets_a_lock_is_stored_whole_or_not_at_all(
    impatient: Desk, database_url: str
) -> None:
    events = batch(*[late(str(n), id=f"e{n}") for n in range(900, 904)])
    with locked(database_url):
        assert is_told_to_wait(impatient.send(events))
    assert StudentEvent.select().count() == 0
    assert {row["status"] for row in impatient.results(events)} == {"accepted"}


def test_a_short_lock_is_waited_for(desk: Desk, database_url: str) -> None:
    held = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with locked(database_url):
            held.set()
            done.wait(1.0)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(5)
    assert desk.result(late())["status"] == "accepted"
    done.set()
    other.join()


def test_nobody_waits_for_a_lock_longer_than_five_seconds(database_url: str) -> None:
    if db.is_sqlite():
        assert db.database.execute_sql("PRAGMA busy_timeout").fetchone() == (5000,)
    else:
        assert db.database.execute_sql("SHOW lock_timeout").fetchone() == ("5s",)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_is_503_and_the_retry_is_accepted(desk: Desk) -> None:
    (pages,) = db.database.execute_sql("PRAGMA page_count").fetchone()
    db.database.execute_sql(f"PRAGMA max_page_count = {pages}")
    big = [late(str(n), id=f"e{n}", note="x" * 2000) for n in range(900, 904)]
    assert is_told_to_wait(desk.send(batch(*big)))
    assert StudentEvent.select().count() == Writeback.select().count() == 0
    db.drop_connection()
    assert {row["status"] for row in desk.results(batch(*big))} == {"accepted"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_read_only_postgresql_is_503(desk: Desk, database_url: str) -> None:
    db.database.execute_sql("SET default_transaction_read_only = on")
    assert is_told_to_wait(desk.send(late(), "evt_a"))
    assert desk.result(late(), "evt_a")["status"] == "accepted"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_was_cut_while_idle_costs_no_request(
    desk: Desk, oakwood: Oakwood, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert desk.result(late())["status"] == "accepted"


def test_a_database_without_tables_is_503(desk: Desk) -> None:
    db.database.execute_sql("ALTER TABLE kiosk RENAME TO lost")
    try:
        assert is_told_to_wait(desk.send(late()))
    finally:
        db.database.execute_sql("ALTER TABLE lost RENAME TO kiosk")
