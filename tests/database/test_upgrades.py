"""Upgrading a database that is full and in use: what is there stays, all or nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from app import create_app
from tests.cast import NOW, Oakwood, make_oakwood
from tests.door.desk import Desk, early, late
from tests.threads import wait_until
from vmps import db, migrations, secrets
from vmps.config import load_settings
from vmps.migrations.history import FOLDER
from vmps.models import MODELS, Attempt, Kiosk, StudentEvent, Writeback

from .conftest import Start, finish

OLD = "0002_users"
WRITERS = ("desk", "door", "gym")
WRITTEN = {"fence": 1, "outcome": "written", "code": "T"}
Schema = list[tuple[str, str, bool]]


@pytest.fixture
def old(empty_url: str) -> Iterator[Oakwood]:
    """Oakwood with events and their attempts, as the version before keeps them."""
    migrations.upgrade()
    secrets.configure(load_settings({"ENVIRONMENT": "development"}).encryption_keys)
    with db.transaction():
        oakwood = make_oakwood()
        for student in range(60):
            oakwood.report(student)
        for writeback in Writeback.select():
            Attempt.create(writeback=writeback, started_at=NOW, **WRITTEN)
    Runner(db.database.obj, str(FOLDER)).down(newest())
    assert applied()[-1] == OLD
    return oakwood


def newest() -> str:
    """Return the step that follows the old schema."""
    names = [name for name, _ in migrations.status()]
    return names[names.index(OLD) + 1]


def applied() -> list[str]:
    """Return the steps that the database has had."""
    return [name for name, is_applied in migrations.status() if is_applied]


def schema() -> Schema:
    """Return every column there is."""
    return sorted(
        (table, column.name, column.null)
        for table in db.database.get_tables()
        for column in db.database.get_columns(table)
    )


def kept_rows() -> tuple[int, int, int]:
    """Count events, writebacks and attempts; nothing may refer to nothing."""
    if db.is_sqlite():
        assert db.query("PRAGMA foreign_key_check") == []
    events, writebacks = StudentEvent.select().count(), Writeback.select().count()
    return events, writebacks, Attempt.select().count()


def test_an_upgrade_keeps_every_row(old: Oakwood) -> None:
    assert kept_rows() == (60, 60, 60)
    migrations.upgrade()
    assert kept_rows() == (60, 60, 60)
    assert not diff_models(db.database.obj, list(MODELS))
    assert {attempt.marks for attempt in Attempt.select()} == {""}


def test_an_upgrade_while_kiosks_report_loses_no_event(
    old: Oakwood, empty_url: str, start: Start
) -> None:
    writers = [start("keep_events", empty_url, name) for name in WRITERS]
    wait_until(lambda: StudentEvent.select().count() > 100)
    (steps,) = finish(start("upgrade", empty_url))
    after = StudentEvent.select().count()
    wait_until(lambda: StudentEvent.select().count() > after)
    said = [names.split() for names in finish(*writers)]
    assert int(steps) >= 1
    assert not diff_models(db.database.obj, list(MODELS))
    kept = {name for names in said for name in names}
    stored = {row.external_id for row in StudentEvent.select()}
    assert kept == {name for name in stored if name.startswith(WRITERS)}
    assert kept_rows() == (60 + len(kept), 60 + len(kept), 60)


@pytest.mark.parametrize("statements", [1, 5, 19])
def test_an_upgrade_that_is_killed_leaves_the_old_schema(
    old: Oakwood, empty_url: str, start: Start, statements: int
) -> None:
    before = schema()
    other = start("die_upgrading", empty_url, statements)
    finish(other)
    assert other.returncode == -signal.SIGKILL
    db.drop_connection()
    assert schema() == before
    assert applied()[-1] == OLD
    migrations.upgrade()
    assert kept_rows() == (60, 60, 60)
    assert not diff_models(db.database.obj, list(MODELS))


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_an_upgrade_that_never_gets_its_turn_changes_nothing(
    old: Oakwood, empty_url: str, start: Start
) -> None:
    before = schema()
    holder = start("hold", empty_url, 30)
    upgrading = start("upgrade", empty_url)
    finish(upgrading)
    assert upgrading.returncode == 1
    assert holder.poll() is None
    assert schema() == before
    assert applied()[-1] == OLD


# Today's web server on it


@pytest.fixture
def desk(empty_url: str) -> Desk:
    """A kiosk whose web server was started before any upgrade."""
    config = {"ENVIRONMENT": "development", "DATABASE_URL": empty_url}
    desk = Desk(create_app(config))
    desk.app.extensions["vmps.door"].clock = lambda: desk.clock[0]
    return desk


def test_before_the_first_upgrade_a_kiosk_keeps_its_event(desk: Desk) -> None:
    answer = desk.send(late(), "evt_a")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    migrations.upgrade()
    with db.transaction():
        make_oakwood()
    assert desk.result(late(), "evt_a")["status"] == "accepted"


def test_between_two_versions_a_kiosk_s_event_is_kept_by_one_of_both(
    desk: Desk, old: Oakwood
) -> None:
    before = StudentEvent.select().count()
    answer = desk.send(early("959"), "evt_a")
    is_stored = StudentEvent.select().count() > before
    assert answer.status_code == (202 if is_stored else 503)
    migrations.upgrade()
    desk.send(early("959"), "evt_a")
    assert StudentEvent.select().count() == before + 1


def test_a_missing_column_is_a_database_that_cannot_be_used(
    old: Oakwood, empty_url: str
) -> None:
    db.database.execute_sql("ALTER TABLE kiosk RENAME COLUMN name TO label")
    with pytest.raises(db.UNAVAILABLE):
        Kiosk.get()
    db.drop_connection()
