"""What the scheduler looks for: lanes nobody drains, writebacks past their 72 hours."""

from __future__ import annotations

import json
from datetime import datetime

from vmps.db import transaction
from vmps.models import Cause, Lane, School, Status, Writeback
from vmps.services.lanes import look_at_gate


def lanes_to_ring(now: datetime) -> list[int]:
    """Return the districts with due work, an open gate and no live lease."""
    has_due = (
        Writeback.select(Writeback.district)
        .where(Writeback.status == Status.PENDING, Writeback.due_at <= now)
        .distinct()
    )
    free = Lane.select().where(
        Lane.district.in_(has_due),
        Lane.lease_until.is_null() | (Lane.lease_until <= now),
        Lane.blocked_until.is_null() | (Lane.blocked_until <= now),
    )
    return [lane.district_id for lane in free if _can_start(lane, now)]


def was_abandoned(district_id: int) -> bool:
    """Tell whether the lane's last drain died: it never gave its lease back."""
    return Lane.get_by_id(district_id).lease_until is not None


def _can_start(lane: Lane, now: datetime) -> bool:
    if not json.loads(lane.mode_blocks):
        return True
    paused = look_at_gate(lane, now).paused_modes
    due = Writeback.due(lane.district_id, now)
    if paused:
        due = due.where(Writeback.school.not_in(School.in_modes(paused)))
    return bool(due.exists())


def give_up_overdue(now: datetime) -> int:
    """Fail what PowerSchool did not take in 72 hours; a retry starts them anew.

    A drain at work settles its own; those of a dead drain have an expired lease.
    """
    overdue = Writeback.select(Writeback.id).where(
        Writeback.status == Status.PENDING,
        Writeback.give_up_at <= now,
        Writeback.district.not_in(
            Lane.select(Lane.district).where(Lane.lease_until > now)
        ),
    )
    if not overdue.exists():
        return 0
    with transaction():
        return int(
            Writeback.update(
                status=Status.FAILED,
                cause=Cause.GAVE_UP,
                detail="",
                settled_at=now,
                claim_fence=None,
            )
            .where(Writeback.id.in_(overdue))
            .execute()
        )
