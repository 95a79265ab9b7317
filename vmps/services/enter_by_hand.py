"""Entered by hand: a person says that an event stands in PowerSchool already."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vmps.db import transaction
from vmps.models import Action, AuditEntry, Cause, Status, Writeback
from vmps.services.interventions import note_interventions
from vmps.services.lanes import lock_lane
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import plan_again

#: Never one that a drain may hold: those are pending.
ENTERABLE = (Status.FAILED, Status.NOT_SENT)


def enter_by_hand(writeback_id: int, *, actor: str, now: datetime) -> None:
    """Settle a failed or not sent writeback that a person entered in PowerSchool.

    Only a retry of this very writeback sends it after all. What else happens on the
    student's day is planned around it (`planning/`).
    """
    with transaction():
        row: Any = Writeback.get_or_none(Writeback.id == writeback_id)
        if row is None:
            raise Missing(f"There is no writeback {writeback_id}.")
        lock_lane(row.district_id)
        row = Writeback.get_by_id(writeback_id)
        if row.cause == Cause.ENTERED_BY_HAND:
            raise Problem("It is noted already that this was entered by hand.")
        if not _settle(writeback_id, now):
            raise Problem(
                "Only what failed or was not sent can be noted as entered by hand;"
                " this has changed meanwhile. Load the page again."
            )
        plan_again(
            row.district_id,
            Writeback.student == row.student_id,
            Writeback.school_day == row.school_day,
        )
        note_interventions([writeback_id], Action.ENTERED_BY_HAND, actor=actor, now=now)
        AuditEntry.note(
            "writeback.entered_by_hand",
            actor=actor,
            district=row.district_id,
            writeback=writeback_id,
        )


def _settle(writeback_id: int, now: datetime) -> int:
    return int(
        Writeback.update(
            status=Status.NOT_SENT,
            cause=Cause.ENTERED_BY_HAND,
            detail="",
            covered_by=None,
            claim_fence=None,
            revision=Writeback.revision + 1,
            settled_at=now,
        )
        .where(Writeback.id == writeback_id, Writeback.status.in_(ENTERABLE))
        .execute()
    )
