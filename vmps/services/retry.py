"""Retrying writebacks: some by id, or all of a kind after a counted preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vmps.db import transaction, tuples
from vmps.models import Action, AuditEntry, Cause, School, Status, Writeback
from vmps.services.bell import ring_after_commit
from vmps.services.interventions import note_interventions
from vmps.services.lanes import lock_lane
from vmps.services.list_writebacks import WritebackFilters
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import requeue, requeue_rows

RETRYABLE = (Status.FAILED, Status.NOT_SENT)


@dataclass(frozen=True, slots=True)
class RetryCount:
    """How many are (or would be) retried, and how many not, their school disabled."""

    retried: int
    left_out: int


def may_retry(status: Status, school: School) -> bool:
    """Tell whether a retry is taken: not of what is sent or may not be sent."""
    if status is Status.NOT_SENT:
        return school.is_enabled
    return status is not Status.SUCCESSFUL


def retry_writebacks(
    ids: Sequence[int], *, actor: str, now: datetime, knows_by_hand: bool = True
) -> int:
    """Send these again now, or none of them; return how many.

    What was entered by hand is sent after all only for who knows that it was.
    """
    wanted = sorted(set(ids))
    with transaction():
        _lock_lanes(wanted)
        rows = list(
            Writeback.select(Writeback, School)
            .join(School)
            .where(Writeback.id.in_(wanted))
        )
        _refuse_missing(wanted, rows)
        problems = [t for row in rows if (t := _objection(row, knows_by_hand))]
        if problems:
            raise Problem("Nothing was retried.", details=problems)
        for district_id in sorted({row.school.district.id for row in rows}):
            mine = Writeback.id.in_(wanted)
            requeue(district_id, mine, Writeback.status.in_(RETRYABLE), now=now)
            _hurry(district_id, wanted, now)
            retried = [r.id for r in rows if r.school.district.id == district_id]
            note_interventions(retried, Action.RETRIED, actor=actor, now=now)
            AuditEntry.note(
                "writebacks.retried", actor=actor, district=district_id, ids=retried
            )
    return len(rows)


def count_retryable(filters: WritebackFilters) -> RetryCount:
    """Return what `retry_selection` would do."""
    rows = Writeback.select().where(*_retryable(filters))
    left_out = rows.where(_is_shut()).count()
    return RetryCount(rows.count() - left_out, left_out)


def retry_selection(
    filters: WritebackFilters, *, actor: str, now: datetime
) -> RetryCount:
    """Send all of a district's failed or not sent writebacks again that fit.

    What a person entered by hand is none of them: only its own retry sends it.
    """
    if filters.district_id is None:
        raise Problem("Say which district.")
    with transaction():
        left_out = count_retryable(filters).left_out
        rows = requeue_rows(
            filters.district_id, *_retryable(filters), ~_is_shut(), now=now
        )
        retried = [writeback_id for writeback_id, _ in rows]
        note_interventions(retried, Action.RETRIED, actor=actor, now=now)
        AuditEntry.note(
            "writebacks.retried",
            actor=actor,
            district=filters.district_id,
            count=len(retried),
            status=filters.status,
        )
    return RetryCount(len(retried), left_out)


def _lock_lanes(ids: Sequence[int]) -> None:
    """Nothing becomes of these writebacks between the look and the deed."""
    found = Writeback.select(Writeback.district).where(Writeback.id.in_(ids))
    for (district_id,) in sorted(tuples(found.distinct())):
        lock_lane(district_id)


def _refuse_missing(wanted: Sequence[int], rows: Sequence[Writeback]) -> None:
    missing = sorted(set(wanted) - {row.id for row in rows})
    if missing:
        named = ", ".join(map(str, missing))
        raise Missing(f"There is no writeback {named}; nothing was retried.")


def _objection(row: Writeback, knows_by_hand: bool) -> str:
    status, school = Status(row.status), row.school
    if row.cause == Cause.ENTERED_BY_HAND and not knows_by_hand:
        return (
            "Somebody noted meanwhile that this was entered by hand. Load the page"
            " again."
        )
    if row.cause == Cause.ENTERED_BY_HAND and row.event.voided_at:
        return f"The event of writeback {row.id} is void: a person undoes it by hand."
    if may_retry(status, school):
        return ""
    if status is Status.SUCCESSFUL:
        return f"Writeback {row.id} is successful already."
    return (
        f"Writeback {row.id} is of school {school.number}, which is disabled:"
        " enable the school first."
    )


def _retryable(filters: WritebackFilters) -> list[Any]:
    is_by_hand = Writeback.cause.is_null(False) & (
        Writeback.cause == Cause.ENTERED_BY_HAND
    )
    return [*filters.clauses(), Writeback.status.in_(RETRYABLE), ~is_by_hand]


def _is_shut() -> Any:
    """Return the clause for what a disabled school did not send."""
    disabled = School.select(School.id).where(~School.is_enabled)
    return (Writeback.status == Status.NOT_SENT) & Writeback.school.in_(disabled)


def _hurry(district_id: int, ids: Sequence[int], now: datetime) -> None:
    """Pending ones keep their place, only their next try starts now."""
    changed = (
        Writeback.update(due_at=now)
        .where(
            Writeback.district == district_id,
            Writeback.id.in_(list(ids)),
            Writeback.status == Status.PENDING,
            Writeback.due_at > now,
        )
        .execute()
    )
    if changed:
        ring_after_commit(district_id)
