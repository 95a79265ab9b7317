"""Putting writebacks back to pending; the callers own transaction and audit row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from vmps.models import Attempt, Outcome, Status, Writeback
from vmps.services.bell import ring_after_commit
from vmps.services.lanes import lock_lane
from vmps.services.reaction import GIVE_UP_AFTER


def requeue(district_id: int, *clauses: Any, now: datetime) -> int:
    """Make these pending and due now, 72 hours and all tries anew; count them."""
    return len(requeue_rows(district_id, *clauses, now=now))


def requeued(district_id: int, *clauses: Any, now: datetime) -> list[int]:
    """Do what `requeue` does; return the ids."""
    return [row[0] for row in requeue_rows(district_id, *clauses, now=now)]


def requeue_rows(
    district_id: int, *clauses: Any, now: datetime
) -> list[tuple[int, int]]:
    """Do the same; return each one's id and its school's.

    The raised revision keeps a result from being recorded that is older than this.
    """
    lock_lane(district_id)
    rows = (
        Writeback.update(
            status=Status.PENDING,
            due_at=now,
            give_up_at=now + GIVE_UP_AFTER,
            tries=0,
            claim_fence=None,
            revision=Writeback.revision + 1,
            cause=None,
            detail="",
            covered_by=None,
            settled_at=None,
        )
        .where(Writeback.district == district_id, *clauses)
        .returning(Writeback.id, Writeback.school)
        .tuples()
        .execute()
    )
    found = list(rows)
    if found:
        ring_after_commit(district_id)
    return found


def plan_again(district_id: int, *clauses: Any) -> None:
    """Let go of claimed rows that a drain may be planning by what was true before.

    Rows whose write has begun are left: their result stands for what was written.
    With the lane locked, no drain claims or begins anything until the commit.
    """
    lock_lane(district_id)
    (
        Writeback.update(claim_fence=None, revision=Writeback.revision + 1)
        .where(
            Writeback.district == district_id,
            Writeback.status == Status.PENDING,
            Writeback.claim_fence.is_null(False),
            ~is_begun(),
            *clauses,
        )
        .execute()
    )


def is_begun() -> Any:
    """Return the clause for a writeback with an attempt begun and not completed."""
    return fn.EXISTS(
        Attempt.select(Attempt.id).where(
            Attempt.writeback == Writeback.id, Attempt.outcome == Outcome.STARTED
        )
    )
