"""Attendance codes, modes' rules, corrections, what was learnt of PowerSchool."""

from __future__ import annotations

from datetime import timedelta

from peewee import (
    BigIntegerField,
    BooleanField,
    Database,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from playhouse.migrate import SchemaMigrator, migrate

from vmps.db import UTCDateTimeField, database_now, query, utc_text


class Frozen(Model):
    """Parent of this step's tables; bound while the step runs."""

    class Meta:
        legacy_table_names = False


class School(Frozen):
    pass


class StudentEvent(Frozen):
    pass


class AttendanceCode(Frozen):
    school = ForeignKeyField(School, on_delete="CASCADE", index=False)
    year_id = IntegerField()
    ps_id = BigIntegerField()
    code = TextField()
    description = TextField(default="")
    presence = TextField(null=True)
    position = IntegerField(default=0)

    class Meta:
        indexes = ((("school", "year_id", "ps_id"), True),)


class EventChange(Frozen):
    event = ForeignKeyField(StudentEvent, on_delete="RESTRICT")
    at = UTCDateTimeField()
    actor = TextField()
    is_void = BooleanField(default=False)
    was_occurred_at = UTCDateTimeField()
    was_reason = TextField(default="")


TABLES = (AttendanceCode, EventChange)

COLUMNS = (
    ("district", "prevents_tardy_overrides", BooleanField(default=False)),
    ("school", "missed_code", TextField(default="")),
    ("school", "marks_remaining", BooleanField(default=True)),
    ("school", "remaining_code", TextField(default="")),
    ("school", "late_check_in_time", TextField(null=True)),
    ("school", "tardy_alert_threshold", IntegerField(null=True)),
    ("school", "tardy_saved_at", UTCDateTimeField(null=True)),
    ("school", "tardy_saved_by", TextField(default="")),
    ("school", "codes_year_id", IntegerField(null=True)),
    ("school", "codes_imported_at", UTCDateTimeField(null=True)),
    ("school", "codes_imported_by", TextField(default="")),
    ("school", "observed_modes", TextField(default="")),
    ("school", "observed_at", UTCDateTimeField(null=True)),
    ("connection", "roster_id_confirmed_at", UTCDateTimeField(null=True)),
    ("connection", "roster_id_confirmed_by", TextField(default="")),
    ("connection", "health", TextField(default="")),
    ("connection", "health_at", UTCDateTimeField(null=True)),
    ("reason", "is_hidden", BooleanField(default=False)),
    ("attempt", "marks", TextField(default="")),
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the tables and columns."""
    if not isinstance(db, SqliteDatabase):
        # First what kiosks write first, as in the step before.
        query("LOCK TABLE student_event IN SHARE ROW EXCLUSIVE MODE")
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    migrate(
        *(migrator.add_column(table, name, field) for table, name, field in COLUMNS)
    )
    # What waited for Time and Meeting mode is sent now.
    now = database_now()
    query(
        "UPDATE writeback SET cause = NULL, detail = '', due_at = %s, give_up_at = %s"
        " WHERE cause = 'mode_not_built' AND status = 'pending'",
        [utc_text(now), utc_text(now + timedelta(hours=72))],
    )
    query("UPDATE attempt SET cause = NULL WHERE cause = 'mode_not_built'")


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Take them away again."""
    migrate(*(migrator.drop_column(table, name) for table, name, _ in COLUMNS))
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
