"""Sending successful writebacks again that PowerSchool holds no more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from vmps.db import transaction
from vmps.models import Action, AuditEntry, School, Status, Writeback
from vmps.services.interventions import note_interventions
from vmps.services.requeue import requeue_rows


def resend(
    school: School, writebacks: Collection[int], *, actor: str, now: datetime
) -> int:
    """Make these of the school's successful writebacks pending; return how many.

    The drain reads before it writes: what stands there again meanwhile is not doubled.
    """
    with transaction():
        rows = requeue_rows(
            school.district_id,
            Writeback.school == school.id,
            Writeback.id.in_(list(writebacks)),
            Writeback.status == Status.SUCCESSFUL,
            now=now,
        )
        resent = [writeback_id for writeback_id, _ in rows]
        note_interventions(resent, Action.RESENT, actor=actor, now=now)
        AuditEntry.note(
            "writebacks.resent",
            actor=actor,
            district=school.district_id,
            school=school.id,
            count=len(resent),
        )
    return len(resent)
