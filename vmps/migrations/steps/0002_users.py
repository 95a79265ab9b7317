"""Users, their sessions, Prevent School Overrides, and what the pages show."""

from __future__ import annotations

from peewee import (
    BooleanField,
    CompositeKey,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from playhouse.migrate import SchemaMigrator, migrate

from vmps.db import UTCDateTimeField, query


class Frozen(Model):
    """Parent of this step's tables; bound while the step runs."""

    class Meta:
        legacy_table_names = False


class District(Frozen):
    pass


class School(Frozen):
    pass


class Writeback(Frozen):
    pass


class User(Frozen):
    district = ForeignKeyField(District, on_delete="RESTRICT")
    email = TextField(unique=True)
    role = TextField()
    password_hash = TextField()
    disabled_at = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField()


class UserSchool(Frozen):
    user = ForeignKeyField(User, on_delete="CASCADE")
    school = ForeignKeyField(School, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("user", "school")


class UserSession(Frozen):
    user = ForeignKeyField(User, on_delete="CASCADE")
    token_digest = TextField(unique=True)
    started_at = UTCDateTimeField()
    seen_at = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)


class SignInFailures(Frozen):
    key = TextField(primary_key=True)
    failures = IntegerField(default=0)
    failed_at = UTCDateTimeField()
    blocked_until = UTCDateTimeField()


class Intervention(Frozen):
    writeback = ForeignKeyField(Writeback, on_delete="RESTRICT")
    at = UTCDateTimeField()
    actor = TextField()
    action = TextField()


TABLES = (User, UserSchool, UserSession, SignInFailures, Intervention)

COLUMNS = (
    ("district", "prevents_overrides", BooleanField(default=False)),
    ("school", "setup_saved_at", UTCDateTimeField(null=True)),
    ("school", "setup_saved_by", TextField(default="")),
    ("connection", "secret_saved_at", UTCDateTimeField(null=True)),
    ("connection", "secret_saved_by", TextField(default="")),
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the tables, the columns and the log's index."""
    if not isinstance(db, SqliteDatabase):
        # First what kiosks write first: while this waits for one it holds nothing that
        # the kiosk still needs, and one that comes later waits at its first insert.
        query("LOCK TABLE student_event IN SHARE ROW EXCLUSIVE MODE")
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    migrate(
        *(migrator.add_column(table, name, field) for table, name, field in COLUMNS),
        migrator.add_index("student_event", ("district_id", "occurred_at")),
    )


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Take them away again."""
    migrate(
        migrator.drop_index("student_event", "student_event_district_id_occurred_at"),
        *(migrator.drop_column(table, name) for table, name, _ in COLUMNS),
    )
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
