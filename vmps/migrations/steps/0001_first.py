"""The first schema: frozen copies, independent of today's models."""

from __future__ import annotations

from peewee import (
    BigIntegerField,
    BooleanField,
    CompositeKey,
    Database,
    DateField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)
from playhouse.migrate import SchemaMigrator

from vmps.db import UTCDateTimeField


class Frozen(Model):
    """Parent of this step's tables; bound while the step runs."""

    class Meta:
        legacy_table_names = False


class District(Frozen):
    name = TextField(unique=True)
    timezone = TextField()
    created_at = UTCDateTimeField()


class School(Frozen):
    district = ForeignKeyField(District, on_delete="RESTRICT")
    number = TextField()
    name = TextField()
    timezone = TextField(null=True)
    is_enabled = BooleanField(default=True)
    mode = TextField(null=True)
    replaceable_codes = TextField(default="[]")
    protected_codes = TextField(default="[]")
    keeps_first_code = BooleanField(default=False)

    class Meta:
        indexes = ((("district", "number"), True),)


class Student(Frozen):
    district = ForeignKeyField(District, on_delete="RESTRICT")
    school = ForeignKeyField(School, on_delete="RESTRICT")
    sis_id = TextField()
    student_number = TextField(default="")
    first_name = TextField()
    last_name = TextField()
    grade = TextField(default="")
    archived_at = UTCDateTimeField(null=True)
    ps_id = BigIntegerField(null=True)
    ps_dcid = BigIntegerField(null=True)
    ps_school_number = TextField(null=True)
    ps_enroll_status = IntegerField(null=True)
    ps_entry_date = DateField(null=True)
    ps_exit_date = DateField(null=True)
    ps_checked_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = (
            (("district", "sis_id"), True),
            (("district", "student_number"), False),
        )


class Kiosk(Frozen):
    district = ForeignKeyField(District, on_delete="RESTRICT")
    public_id = TextField(unique=True)
    name = TextField()
    id_kind = TextField()
    secret_token = TextField()
    previous_secret_token = TextField(null=True)
    previous_until = UTCDateTimeField(null=True)
    is_disabled = BooleanField(default=False)
    created_at = UTCDateTimeField()


class StudentEvent(Frozen):
    district = ForeignKeyField(District, on_delete="RESTRICT", index=False)
    school = ForeignKeyField(School, on_delete="RESTRICT", index=False)
    student = ForeignKeyField(Student, on_delete="RESTRICT", index=False)
    kiosk = ForeignKeyField(Kiosk, on_delete="RESTRICT", index=False)
    external_id = TextField()
    fingerprint = TextField()
    type = TextField()
    occurred_at = UTCDateTimeField()
    school_day = DateField()
    first_name = TextField()
    last_name = TextField()
    grade = TextField()
    reason = TextField(default="")
    note = TextField(default="")
    released_to = TextField(default="")
    accepted_at = UTCDateTimeField()
    voided_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = (
            (("kiosk", "external_id"), True),
            (("student", "school_day"), False),
        )


class Writeback(Frozen):
    event = ForeignKeyField(StudentEvent, unique=True, on_delete="RESTRICT")
    district = ForeignKeyField(District, on_delete="RESTRICT", index=False)
    school = ForeignKeyField(School, on_delete="RESTRICT", index=False)
    student = ForeignKeyField(Student, on_delete="RESTRICT", index=False)
    school_day = DateField()
    status = TextField(default="pending")
    due_at = UTCDateTimeField()
    give_up_at = UTCDateTimeField(null=True)
    tries = IntegerField(default=0)
    claim_fence = IntegerField(null=True)
    revision = IntegerField(default=0)
    is_ambiguous = BooleanField(default=False)
    cause = TextField(null=True)
    detail = TextField(default="")
    covered_by = ForeignKeyField(
        StudentEvent, null=True, on_delete="RESTRICT", index=False
    )
    settled_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("student", "school_day"), False),)


class Attempt(Frozen):
    writeback = ForeignKeyField(Writeback, on_delete="RESTRICT")
    fence = IntegerField()
    started_at = UTCDateTimeField()
    finished_at = UTCDateTimeField(null=True)
    outcome = TextField(default="started")
    cause = TextField(null=True)
    http_status = IntegerField(null=True)
    code = TextField(null=True)
    prior_code = TextField(null=True)
    ps_row = BigIntegerField(null=True)
    request = TextField(default="")
    answer = TextField(default="")


class AuditEntry(Frozen):
    at = UTCDateTimeField()
    district = ForeignKeyField(District, null=True, on_delete="RESTRICT")
    actor = TextField()
    action = TextField()
    detail = TextField(default="{}")


class Connection(Frozen):
    district = ForeignKeyField(District, unique=True, on_delete="RESTRICT")
    base_url = TextField()
    client_id = TextField()
    client_secret_token = TextField()
    roster_id = TextField(default="dcid")
    visible_id = TextField(default="sis_id")
    powerschool_version = TextField(null=True)
    saved_at = UTCDateTimeField()


class Heartbeat(Frozen):
    name = TextField(primary_key=True)
    beat_at = UTCDateTimeField()


class KioskSchool(Frozen):
    kiosk = ForeignKeyField(Kiosk, on_delete="CASCADE")
    school = ForeignKeyField(School, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("kiosk", "school")


class Lane(Frozen):
    district = ForeignKeyField(District, primary_key=True, on_delete="RESTRICT")
    owner = TextField(null=True)
    lease_until = UTCDateTimeField(null=True)
    fence = IntegerField(default=0)
    blocked_until = UTCDateTimeField(null=True)
    blocked_reason = TextField(null=True)
    blocked_detail = TextField(default="")
    failures = IntegerField(default=0)
    mode_blocks = TextField(default="{}")
    pace_seconds = FloatField(default=0.0)
    last_success_at = UTCDateTimeField(null=True)


class Reason(Frozen):
    school = ForeignKeyField(School, on_delete="CASCADE")
    type = TextField()
    label = TextField()
    code = TextField(null=True)
    position = IntegerField(default=0)

    class Meta:
        indexes = ((("school", "type", "label"), True),)


Writeback.add_index(
    Writeback.district, Writeback.due_at, where=(Writeback.status == "pending")
)


TABLES = (
    District,
    School,
    Student,
    Kiosk,
    StudentEvent,
    Writeback,
    Attempt,
    AuditEntry,
    Connection,
    Heartbeat,
    KioskSchool,
    Lane,
    Reason,
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create every table of the first release."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop them again, children first."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
