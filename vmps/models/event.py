"""A student event: one late check-in or early check-out that happened."""

from __future__ import annotations

from enum import StrEnum

from peewee import AutoField, BooleanField, DateField, ForeignKeyField, TextField

from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District
from vmps.models.kiosk import Kiosk
from vmps.models.school import School
from vmps.models.student import Student


class EventType(StrEnum):
    """What happened at the front desk."""

    LATE_CHECK_IN = "late_check_in"
    EARLY_CHECK_OUT = "early_check_out"

    @property
    def label(self) -> str:
        """Return the words people read."""
        return "Late Check-in" if self is EventType.LATE_CHECK_IN else "Early Check-out"


class StudentEvent(BaseModel):
    """What a kiosk reported; changed only with an EventChange beside it."""

    id = AutoField()
    district = ForeignKeyField(District, on_delete="RESTRICT", index=False)
    school = ForeignKeyField(School, on_delete="RESTRICT", index=False)
    student = ForeignKeyField(Student, on_delete="RESTRICT", index=False)
    kiosk = ForeignKeyField(Kiosk, on_delete="RESTRICT", index=False)
    #: The kiosk's own id of the event: unique for a kiosk, for ever.
    external_id = TextField()
    #: SHA-256 of the canonical event: the same id with another one is a conflict.
    fingerprint = TextField()
    type = TextField()
    occurred_at = UTCDateTimeField()
    #: The school's date when it happened.
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
        """Few indexes: every accepted event pays for each."""

        indexes = (
            (("kiosk", "external_id"), True),
            (("student", "school_day"), False),
            # The log, newest first.
            (("district", "occurred_at"), False),
        )


class EventChange(BaseModel):
    """One void, restore or correction of an event, with what it said before."""

    id = AutoField()
    event = ForeignKeyField(StudentEvent, backref="changes", on_delete="RESTRICT")
    event_id: int
    at = UTCDateTimeField()
    #: Who, as in the audit trail: `user:12` or `operator`.
    actor = TextField()
    is_void = BooleanField(default=False)
    was_occurred_at = UTCDateTimeField()
    was_reason = TextField(default="")
    #: Of a restore, which takes a void back: when the event had been voided.
    was_voided_at = UTCDateTimeField(null=True)
