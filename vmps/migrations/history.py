"""Applying what is missing of the history, one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Database
from playhouse.migrations import Runner

from vmps.db import database, in_turn, is_sqlite

FOLDER = Path(__file__).parent / "steps"
ADVISORY_KEY = 8_671_001  # any number, the same in every release
#: For SQLite's gate; without it busy kiosks kept an upgrade out until it gave up.
TURN_SECONDS = 60.0


def upgrade() -> list[str]:
    """Apply what is missing; return the names of the steps applied."""
    bound: Database = database.obj
    with _alone(bound):
        return list(Runner(bound, str(FOLDER)).up())


def status() -> list[tuple[str, bool]]:
    """Return every step with whether it was applied, oldest first."""
    runner = Runner(database.obj, str(FOLDER))
    return [(step.name, bool(step.applied)) for step in runner.status()]


@contextmanager
def _alone(bound: Database) -> Iterator[None]:
    """One process migrates at a time; the others wait, then find nothing to do."""
    if is_sqlite():
        path = Path(f"{bound.database}.migrating")
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Only now: the first connection makes the file a WAL one, and another
            # that comes in between is told "locked" without any waiting.
            bound.connect(reuse_if_open=True)
            with in_turn(TURN_SECONDS):
                yield
        return
    bound.connect(reuse_if_open=True)
    database.execute_sql("SET lock_timeout = 0")
    database.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_KEY,))
    try:
        yield
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_KEY,))
        database.execute_sql("RESET lock_timeout")
