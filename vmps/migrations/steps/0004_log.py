"""The log: a void that is taken back, and what each attempt was refused for."""

from __future__ import annotations

from peewee import Database, TextField
from playhouse.migrate import SchemaMigrator, migrate

from vmps.db import UTCDateTimeField

COLUMNS = (
    ("event_change", "was_voided_at", UTCDateTimeField(null=True)),
    ("attempt", "detail", TextField(default="")),
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the columns."""
    migrate(
        *(migrator.add_column(table, name, field) for table, name, field in COLUMNS)
    )


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Take them away again."""
    migrate(*(migrator.drop_column(table, name) for table, name, _ in COLUMNS))
