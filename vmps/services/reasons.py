"""Reasons: adding or mapping one, and sending what waited for its code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vmps.db import transaction
from vmps.models import (
    AuditEntry,
    Cause,
    EventType,
    Reason,
    School,
    Status,
    StudentEvent,
    Writeback,
)
from vmps.services.problems import Problem
from vmps.services.requeue import plan_again, requeue
from vmps.services.schools import today_at


def save_reason(
    school: School,
    kind: EventType,
    label: str,
    *,
    code: str | None,
    actor: str,
    now: datetime,
) -> tuple[int, int]:
    """Add a reason or give it a code; return its id and how many go on.

    Labels are the same whatever their case, as they are when events are planned.
    """
    label = label.strip()
    code = code.strip() if code is not None else None
    if not label or code == "":
        raise Problem("A reason needs a label, and a code if one is given.")
    with transaction():
        reason_id = _upsert(school, kind, label, code)
        requeued = _send_waiting(school, kind, label, now) if code else 0
        AuditEntry.note(
            "reason.saved",
            actor=actor,
            district=school.district.id,
            reason=reason_id,
            code=code,
            requeued=requeued,
        )
    return reason_id, requeued


def _upsert(school: School, kind: EventType, label: str, code: str | None) -> int:
    known = Reason.select().where(Reason.school == school, Reason.type == kind)
    position = 0
    for reason in known:
        position = max(position, reason.position + 1)
        if reason.label.strip().casefold() == label.casefold():
            reason.label, reason.code = label, code or reason.code
            reason.save()
            return int(reason.id)
    return int(
        Reason.insert(
            school=school, type=kind, label=label, code=code, position=position
        ).execute()
    )


def _send_waiting(school: School, kind: EventType, label: str, now: datetime) -> int:
    """Queue today's failures that this code mends."""
    is_unmapped = (Writeback.status == Status.FAILED) & (
        Writeback.cause == Cause.UNMAPPED_REASON
    )
    is_held = (Writeback.status == Status.PENDING) & (
        Writeback.claim_fence.is_null(False)
    )
    rows: Any = (
        Writeback.select(Writeback.id, StudentEvent.reason)
        .join(StudentEvent, on=(StudentEvent.id == Writeback.event))
        .where(
            Writeback.school == school,
            Writeback.school_day == today_at(school, now),
            StudentEvent.type == kind,
            is_unmapped | is_held,
        )
        .tuples()
    )
    wanted = label.casefold()
    ids = [row[0] for row in rows if row[1].strip().casefold() == wanted]
    plan_again(Writeback.id.in_(ids))
    return requeue(school.district.id, Writeback.id.in_(ids), is_unmapped, now=now)
