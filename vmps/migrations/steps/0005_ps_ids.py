"""Whose attendance each writeback was for, kept when the student is asked for anew."""

from __future__ import annotations

from peewee import BigIntegerField, Database, SqliteDatabase
from playhouse.migrate import SchemaMigrator, migrate

from vmps.db import query


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the column; of what was settled before, the student's own is shown."""
    if not isinstance(db, SqliteDatabase):
        # First what kiosks write first, as in the steps before.
        query("LOCK TABLE student_event IN SHARE ROW EXCLUSIVE MODE")
    migrate(migrator.add_column("writeback", "ps_id", BigIntegerField(null=True)))


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Take it away again."""
    migrate(migrator.drop_column("writeback", "ps_id"))
