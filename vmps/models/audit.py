"""The audit trail: who changed what, when; ids only, no names, no secrets."""

from __future__ import annotations

import json

from peewee import AutoField, ForeignKeyField, TextField

from vmps.clock import utcnow
from vmps.db import BaseModel, UTCDateTimeField
from vmps.models.district import District


class AuditEntry(BaseModel):
    """One change; written in the transaction of the change itself."""

    id = AutoField()
    at = UTCDateTimeField(default=utcnow)
    district = ForeignKeyField(District, null=True, on_delete="RESTRICT")
    actor = TextField()
    action = TextField()
    detail = TextField(default="{}")

    @classmethod
    def note(
        cls, action: str, *, actor: str, district: int | None, **detail: object
    ) -> None:
        """Write down that `actor` did `action`."""
        cls.insert(
            action=action, actor=actor, district=district, detail=json.dumps(detail)
        ).execute()
