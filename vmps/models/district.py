"""A district: the tenant, owner of everything below it."""

from __future__ import annotations

from peewee import AutoField, BooleanField, TextField

from vmps.clock import utcnow
from vmps.db import BaseModel, UTCDateTimeField


class District(BaseModel):
    """A school district; its time zone holds for schools that name none."""

    id = AutoField()
    name = TextField(unique=True)
    timezone = TextField()
    #: Prevent School Overrides: every school enabled, modes set by district admins.
    prevents_overrides = BooleanField(default=False)
    #: The same for the tardy settings of Student Tracking.
    prevents_tardy_overrides = BooleanField(default=False)
    created_at = UTCDateTimeField(default=utcnow)
