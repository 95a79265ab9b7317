"""Claiming: which due writebacks a drain holds, under its lane's fence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from peewee import fn

from vmps.db import transaction
from vmps.models import Attempt, Outcome, School, Status, Writeback


def claim_due(
    district_id: int,
    *,
    fence: int,
    limit: int,
    now: datetime,
    paused_modes: Collection[str] = (),
) -> list[int]:
    """Hold up to `limit` due writebacks, oldest first; return their ids.

    A claim of an older fence is free: its drain can no longer record. Students in
    flight are left for later, so that one is never written in parallel: a void or a
    retry may have let go of a writeback whose write is still under way.
    """
    held = Writeback.alias()
    is_held = (held.status == Status.PENDING) & (held.claim_fence == fence)
    begun = Attempt.select(Attempt.id).where(
        Attempt.writeback == held.id,
        Attempt.outcome == Outcome.STARTED,
        Attempt.fence == fence,
    )
    in_flight = held.select(held.id).where(
        held.student == Writeback.student, is_held | fn.EXISTS(begun)
    )
    due = (
        Writeback.due(district_id, now)
        .select(Writeback.id)
        .where(
            Writeback.claim_fence.is_null() | (Writeback.claim_fence < fence),
            ~fn.EXISTS(in_flight),
        )
        .order_by(Writeback.due_at, Writeback.id)
        .limit(limit)
    )
    if paused_modes:
        due = due.where(Writeback.school.not_in(School.in_modes(paused_modes)))
    if not due.exists():  # a read: looking must not take SQLite's write lock
        return []
    if Writeback._meta.database.for_update:
        due = due.for_update(skip_locked=True)
    with transaction():
        rows = (
            Writeback.update(claim_fence=fence)
            .where(Writeback.id.in_(due))
            .returning(Writeback.id)
            .tuples()
            .execute()
        )
        return [row[0] for row in rows]


def release_claims(district_id: int, *, fence: int) -> None:
    """Let go of everything this drain holds and did not settle."""
    with transaction():
        (
            Writeback.update(claim_fence=None)
            .where(
                Writeback.district == district_id,
                Writeback.status == Status.PENDING,
                Writeback.claim_fence == fence,
            )
            .execute()
        )


def oldest_due_at(now: datetime, district_id: int | None = None) -> datetime | None:
    """Return since when the oldest due writeback waits, paused lanes included."""
    query = Writeback.select(fn.MIN(Writeback.due_at)).where(
        Writeback.status == Status.PENDING, Writeback.due_at <= now
    )
    if district_id is not None:
        query = query.where(Writeback.district == district_id)
    value = query.scalar()
    if value is None:
        return None
    return Writeback.due_at.python_value(value) if isinstance(value, str) else value
