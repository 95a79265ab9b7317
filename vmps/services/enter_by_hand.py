"""Entered by hand: a person says that an event stands in PowerSchool already."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from vmps.db import transaction
from vmps.models import (
    Action,
    Attempt,
    AuditEntry,
    Cause,
    Outcome,
    Status,
    Writeback,
)
from vmps.services.interventions import note_interventions
from vmps.services.lanes import lock_lane
from vmps.services.planning.late_writes import LATE_WRITES
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import plan_again
from vmps.words import say_time

#: Never one that a drain may hold: those are pending.
ENTERABLE = (Status.FAILED, Status.NOT_SENT)


def enter_by_hand(writeback_id: int, *, actor: str, now: datetime) -> str:
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
        return warn_of_late_write(row, now=now)


def warn_of_late_write(row: Any, *, now: datetime) -> str:
    """Say until when an earlier try of the row's day may still reach PowerSchool.

    It would replace what a person enters there before; nothing where none can.
    """
    asked_at = fn.COALESCE(Attempt.finished_at, Attempt.started_at)
    newest = (
        Attempt.select(fn.MAX(asked_at))
        .join(Writeback)
        .where(
            Writeback.student == row.student_id,
            Writeback.school_day == row.school_day,
            Attempt.outcome.in_([Outcome.AMBIGUOUS, Outcome.STARTED]),
        )
        .scalar()
    )
    moment: datetime | None = Attempt.started_at.python_value(newest)
    if moment is None or moment + LATE_WRITES <= now:
        return ""
    until = say_time(
        (moment + LATE_WRITES).astimezone(row.school.zone), has_seconds=True
    )
    return (
        "An earlier try may still reach PowerSchool until"
        f" {until}, and replace what is entered there before:"
        " look at PowerSchool again after that."
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
