"""The schema's history: up, down, twice, at once, and equal to the models."""

from __future__ import annotations

import subprocess

import pytest
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from vmps import db, migrations
from vmps.migrations.history import ADVISORY_KEY, FOLDER
from vmps.models import MODELS

from .conftest import Start, finish

STEPS = len(list(FOLDER.glob("[0-9]*.py")))


def tables() -> set[str]:
    return set(db.database.get_tables())


def indexes() -> set[tuple[str, str, bool]]:
    return {
        (table, ",".join(index.columns), index.unique)
        for table in tables()
        for index in db.database.get_indexes(table)
    }


def test_an_upgraded_database_equals_the_models(empty_url: str) -> None:
    migrations.upgrade()
    assert not diff_models(db.database.obj, list(MODELS))
    assert {model._meta.table_name for model in MODELS} <= tables()


def test_an_upgraded_database_has_the_models_indexes(empty_url: str) -> None:
    migrations.upgrade()
    upgraded = indexes()
    db.database.drop_tables(MODELS)
    db.database.create_tables(MODELS)
    assert indexes() == upgraded


def test_a_second_upgrade_does_nothing(empty_url: str) -> None:
    assert len(migrations.upgrade()) == STEPS
    assert migrations.upgrade() == []
    assert all(is_applied for _, is_applied in migrations.status())


def test_before_an_upgrade_no_step_is_applied(empty_url: str) -> None:
    assert [is_applied for _, is_applied in migrations.status()] == [False] * STEPS


def test_down_and_up_again_is_a_round_trip(empty_url: str) -> None:
    migrations.upgrade()
    first = indexes()
    runner = Runner(db.database.obj, str(FOLDER))
    for _ in range(STEPS):
        runner.down()
    assert tables() == {"schema_migration"}
    migrations.upgrade()
    assert indexes() == first


def test_processes_upgrading_at_once_all_succeed_and_apply_once(
    empty_url: str, start: Start
) -> None:
    processes = [start("upgrade", empty_url) for _ in range(3)]
    said = sorted(finish(*processes))
    assert said == ["0", "0", str(STEPS)]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert db.query("SELECT count(*) FROM schema_migration") == [(STEPS,)]


@pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)
def test_an_upgrade_waits_longer_than_a_statement_may(
    empty_url: str, start: Start
) -> None:
    db.database.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_KEY,))
    other = start("upgrade", empty_url)
    assert other.stdin
    other.stdin.write("go\n")
    other.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        other.wait(db.LOCK_SECONDS + 1)
    db.database.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_KEY,))
    assert other.wait(20) == 0


def test_an_upgrade_leaves_the_lock_timeout_as_it_was(empty_url: str) -> None:
    migrations.upgrade()
    if not db.is_sqlite():
        assert db.query("SHOW lock_timeout") == [(f"{db.LOCK_SECONDS}s",)]


@pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)
def test_an_upgrade_lets_a_kiosk_that_came_first_end_its_event(
    empty_url: str, start: Start
) -> None:
    Runner(db.database.obj, str(FOLDER)).up("0001_first")
    with db.transaction():
        db.query("LOCK TABLE student_event IN ROW EXCLUSIVE MODE")
        other = start("upgrade", empty_url)
        assert other.stdin
        other.stdin.write("go\n")
        other.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(1)
        for table in ("district", "school", "student", "kiosk"):
            db.query(f"LOCK TABLE {table} IN ROW SHARE MODE")
        db.query("LOCK TABLE writeback IN ROW EXCLUSIVE MODE")
    assert other.wait(20) == 0
