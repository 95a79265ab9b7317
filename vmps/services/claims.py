"""Claiming: which due writebacks a drain holds, under its lane's fence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from peewee import Select, fn

from vmps.db import locked, moment_of, transaction
from vmps.models import School, Status, Writeback
from vmps.services.lease import holds_lane


def claim_due(  # noqa: PLR0913 the whole question
    district_id: int,
    *,
    fence: int,
    limit: int,
    now: datetime,
    busy_students: Collection[int] = (),
    paused_modes: Collection[str] = (),
) -> list[int]:
    """Hold up to `limit` due writebacks, oldest first; return their ids.

    A claim of an older fence is free: its drain can no longer record. Students that
    are held, or in flight though a void or retry took their claim away, are left for
    later, so that one is never written in parallel.
    """
    due = _free(district_id, fence, now).limit(limit)
    if paused_modes:
        due = due.where(Writeback.school.not_in(School.in_modes(paused_modes)))
    if not due.exists():  # a read: looking must not take SQLite's write lock
        return []
    with transaction():
        # Who changes what a plan rests on holds the lane: it is loaded after that.
        if not holds_lane(district_id, fence):
            return []
        # Not a subselect of the update: PostgreSQL may run one anew for every row, and
        # then its limit holds for none.
        chosen = locked(due, skip_locked=True).cte("chosen")
        rows = (
            Writeback.update(claim_fence=fence)
            .where(Writeback.id.in_(Select([chosen], [chosen.c.id])))
            .with_cte(chosen)
            .returning(Writeback.id, Writeback.student)
            .tuples()
            .execute()
        )
        claimed = list(rows)
        early = [row[0] for row in claimed if row[1] in busy_students]
        if early:
            _unclaim(Writeback.id.in_(early))
    return [row[0] for row in claimed if row[1] not in busy_students]


def _free(district_id: int, fence: int, now: datetime) -> Any:
    """Return due writebacks that nobody holds and whose student is not in flight."""
    held = Writeback.alias()
    in_flight = held.select(held.id).where(
        held.student == Writeback.student,
        held.status == Status.PENDING,
        held.claim_fence == fence,
    )
    return (
        Writeback.due(district_id, now)
        .select(Writeback.id)
        .where(
            Writeback.claim_fence.is_null() | (Writeback.claim_fence < fence),
            ~fn.EXISTS(in_flight),
        )
        .order_by(Writeback.due_at, Writeback.id)
    )


def _unclaim(*clauses: Any) -> None:
    Writeback.update(claim_fence=None).where(*clauses).execute()


def release_claims(district_id: int, *, fence: int) -> None:
    """Let go of everything this drain holds and did not settle."""
    with transaction():
        _unclaim(
            Writeback.district == district_id,
            Writeback.status == Status.PENDING,
            Writeback.claim_fence == fence,
        )


def oldest_due_at(now: datetime, district_id: int | None = None) -> datetime | None:
    """Return since when the oldest due writeback waits, paused lanes included."""
    query = Writeback.select(fn.MIN(Writeback.due_at)).where(
        Writeback.status == Status.PENDING, Writeback.due_at <= now
    )
    if district_id is not None:
        query = query.where(Writeback.district == district_id)
    return moment_of(query.scalar())
