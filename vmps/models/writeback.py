"""Writebacks and their attempts: what we owe PowerSchool, and how each try went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    DateField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District
from vmps.models.event import StudentEvent
from vmps.models.school import School
from vmps.models.student import Student
from vmps.models.user import User


class Status(StrEnum):
    """Where a writeback stands."""

    PENDING = "pending"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    NOT_SENT = "not_sent"

    @property
    def label(self) -> str:
        """Return the words people read."""
        return self.value.replace("_", " ").capitalize()


#: From where to where a writeback may go, and by what.
TRANSITIONS = {
    Status.PENDING: {
        Status.PENDING: "a try that may be repeated",
        Status.SUCCESSFUL: "written, already there, covered or voided",
        Status.FAILED: "needs a person, or 72 hours are over",
        Status.NOT_SENT: "the school was disabled",
    },
    Status.SUCCESSFUL: {
        Status.PENDING: "voided, restored or corrected, a day's other event was, or"
        " sent again after a reconciliation"
    },
    Status.FAILED: {
        Status.PENDING: "retried, voided, restored or corrected, or its cause fixed",
        Status.NOT_SENT: "entered in PowerSchool by hand",
    },
    Status.NOT_SENT: {
        Status.PENDING: "retried after the school was enabled, voided or restored",
        Status.NOT_SENT: "entered in PowerSchool by hand",
    },
}


class Writeback(BaseModel):
    """One student event's debt to PowerSchool (1:1)."""

    id = AutoField()
    event = ForeignKeyField(
        StudentEvent, backref="writebacks", unique=True, on_delete="RESTRICT"
    )
    district = ForeignKeyField(District, on_delete="RESTRICT", index=False)
    school = ForeignKeyField(School, on_delete="RESTRICT", index=False)
    student = ForeignKeyField(Student, on_delete="RESTRICT", index=False)
    school_day = DateField()
    status = TextField(default=Status.PENDING)
    #: When the next try may start; only pending ones have work due.
    due_at = UTCDateTimeField()
    #: The end of the 72 hours.
    give_up_at = UTCDateTimeField(null=True)
    #: Tries used up since the 72 hours began.
    tries = IntegerField(default=0)
    #: The lane's fence under which a drain holds this row; an older one is free.
    claim_fence = IntegerField(null=True)
    #: Raised by every void, restore, correction or retry: an older result is not
    #: recorded.
    revision = IntegerField(default=0)
    #: The last try may have reached PowerSchool: read before anything else.
    is_ambiguous = BooleanField(default=False)
    #: A `Cause`: why it failed, waits or was settled without a write.
    cause = TextField(null=True)
    detail = TextField(default="")
    covered_by = ForeignKeyField(
        StudentEvent, null=True, on_delete="RESTRICT", index=False
    )
    settled_at = UTCDateTimeField(null=True)

    class Meta:
        """Planning looks a student and day up."""

        indexes = ((("student", "school_day"), False),)

    @classmethod
    def visible_to(cls, user: User) -> ModelSelect[Self]:
        """Return the writebacks of the schools the user may see.

        The event's school counts, also after the student moved.
        """
        mine = cls.select().where(cls.district == user.district_id)
        if user.is_district_admin:
            return mine
        return mine.where(cls.school.in_(School.ids_visible_to(user)))

    @classmethod
    def due(cls, district_id: int, now: datetime) -> ModelSelect[Self]:
        """Return the district's writebacks whose next try may start."""
        return cls.select().where(
            cls.district == district_id,
            cls.status == Status.PENDING,
            cls.due_at <= now,
        )


class Outcome(StrEnum):
    """How one attempt ended; `started` and dead means ambiguous."""

    STARTED = "started"
    WRITTEN = "written"
    ALREADY_THERE = "already_there"
    COVERED = "covered"
    VOIDED = "voided"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    AMBIGUOUS = "ambiguous"
    THROTTLED = "throttled"
    WAITS = "waits"
    SUPERSEDED = "superseded"


class Attempt(BaseModel):
    """One try of one writeback: begun before its call, completed after, kept."""

    id = AutoField()
    writeback = ForeignKeyField(Writeback, backref="attempts", on_delete="RESTRICT")
    fence = IntegerField()
    started_at = UTCDateTimeField()
    finished_at = UTCDateTimeField(null=True)
    outcome = TextField(default=Outcome.STARTED)
    cause = TextField(null=True)
    #: What stands in the sentence of a refusal's cause, such as a code; never a name.
    detail = TextField(default="")
    http_status = IntegerField(null=True)
    #: The code's text we meant to write, and the one that stood there before.
    code = TextField(null=True)
    prior_code = TextField(null=True)
    #: JSON, what was written for each meeting; "" where the day is one row.
    marks = TextField(default="")
    #: ATTENDANCE.DCID as PowerSchool returned it.
    ps_row = BigIntegerField(null=True)
    #: Our own record as sent, and its own element of the answer; JSON, capped.
    request = TextField(default="")
    answer = TextField(default="")


class Action(StrEnum):
    """What a person did about one writeback."""

    RETRIED = "retried"
    ENTERED_BY_HAND = "entered_by_hand"
    RESENT = "resent"


class Intervention(BaseModel):
    """One thing that a person did about one writeback; append-only."""

    id = AutoField()
    writeback = ForeignKeyField(
        Writeback, backref="interventions", on_delete="RESTRICT"
    )
    at = UTCDateTimeField()
    #: Who, as in the audit trail: `user:12` or `operator`.
    actor = TextField()
    action = TextField()


# The drain's index: pending rows only, so that it stays small for ever.
Writeback.add_index(
    Writeback.district,
    Writeback.due_at,
    where=(Writeback.status == Status.PENDING.value),
)
