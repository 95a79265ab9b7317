"""A lane: a district's delivery to PowerSchool, one drain at a time."""

from __future__ import annotations

from peewee import FloatField, ForeignKeyField, IntegerField, TextField

from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District


class Lane(BaseModel):
    """The lease, the pace and the pause of one district."""

    district = ForeignKeyField(District, primary_key=True, on_delete="RESTRICT")
    district_id: int
    owner = TextField(null=True)
    lease_until = UTCDateTimeField(null=True)
    #: Raised by one with every lease; nothing is recorded under an older one.
    fence = IntegerField(default=0)
    #: Pause, breaker and throttle alike: nothing starts before; then one probe.
    blocked_until = UTCDateTimeField(null=True)
    blocked_reason = TextField(null=True)
    blocked_detail = TextField(default="")
    #: Network failures in a row; the breaker opens at five and doubles its wait.
    failures = IntegerField(default=0)
    #: JSON, mode -> {"until", "reason", "detail"}: what only one mode waits for.
    mode_blocks = TextField(default="{}")
    #: Seconds between the starts of two calls, learnt from refusals.
    pace_seconds = FloatField(default=0.0)
    last_success_at = UTCDateTimeField(null=True)


class Heartbeat(BaseModel):
    """When a kind of process was last alive."""

    name = TextField(primary_key=True)
    beat_at = UTCDateTimeField()
