"""Reasons: adding or mapping some, and sending what waited for their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    label_key,
)
from vmps.services.problems import Problem
from vmps.services.reason_rows import (
    add_reason,
    clean_code,
    clean_label,
    lock_reasons,
    look_up_reason,
    refuse_known,
    rename_reason,
)
from vmps.services.requeue import plan_again, requeue
from vmps.services.school_codes import find_missing
from vmps.services.schools import today_at


@dataclass(frozen=True, slots=True)
class Mapped:
    """One reason's new code, None for none; `was` is the code that the person saw.

    `label` is its new name, None where that stays.
    """

    row: str
    reason_id: int
    code: str | None
    was: str | None
    label: str | None = None

    @property
    def is_change(self) -> bool:
        """Tell whether the person changed anything."""
        return self.code != self.was or self.label is not None


@dataclass(frozen=True, slots=True)
class Added:
    """One reason to add."""

    row: str
    kind: EventType
    label: str
    code: str | None


class ReasonsRefused(Problem):
    """Nothing was saved; `errors` says why, by row."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("Nothing was saved: correct what is marked.")
        self.errors = dict(errors)


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
    label = clean_label(label)
    if code is not None and not (code := clean_code(code)):
        raise Problem("The code is empty: leave it out, or give one.")
    with transaction():
        known = lock_reasons(school)
        reason = look_up_reason(known, kind, label)
        if reason is None:
            reason = add_reason(school, kind, label, known)
        reason.label = label
        requeued = give_code(school, reason, code or reason.code, actor, now)
    return int(reason.id), requeued


def save_reasons(
    school: School,
    mapped: Sequence[Mapped],
    added: Sequence[Added],
    *,
    actor: str,
    now: datetime,
) -> int:
    """Save all of these or none; return how many of today's events go on.

    A code that somebody else set meanwhile is not replaced unseen.
    """
    with transaction():
        known = lock_reasons(school)
        errors: dict[str, str] = {}
        requeued = 0
        for change in mapped:
            reason = next((r for r in known if r.id == change.reason_id), None)
            text = _objection(reason, change)
            if reason and change.label is not None and not text:
                text = rename_reason(reason, change.label, known)
            if text:
                errors[change.row] = text
            elif reason:
                requeued += _change(school, reason, change, actor, now)
        for new in added:
            if found := look_up_reason(known, new.kind, new.label):
                errors[new.row] = refuse_known(found)
                continue
            reason = add_reason(school, new.kind, new.label, known)
            known.append(reason)
            requeued += give_code(school, reason, new.code, actor, now)
        if errors:
            raise ReasonsRefused(errors)
    return requeued


def _change(
    school: School, reason: Reason, change: Mapped, actor: str, now: datetime
) -> int:
    """Give a reason its code, unless only its name was changed: then that stands."""
    if change.label is not None:
        AuditEntry.note(
            "reason.renamed",
            actor=actor,
            district=school.district_id,
            reason=reason.id,
        )
    code = change.code if change.code != change.was else reason.code
    return give_code(school, reason, code, actor, now)


def _objection(reason: Reason | None, change: Mapped) -> str:
    """Return why this change would undo somebody else's, or nothing."""
    if reason is None:
        return "This reason was removed meanwhile."
    if change.code == change.was or reason.code in {change.was, change.code}:
        return ""
    stands = f"gave this the code {reason.code}" if reason.code else "took the code off"
    return f"Somebody {stands} while you were here. Save again to use yours."


def give_code(  # noqa: PLR0917 one step of saving, with its state
    school: School, reason: Reason, code: str | None, actor: str, now: datetime
) -> int:
    """Save the code, and let what waited for it go on; return how many.

    Nothing goes on by a code that PowerSchool is known to lack.
    """
    reason.code = code
    reason.save()
    requeued = _plan_today(school, reason, now)
    AuditEntry.note(
        "reason.saved",
        actor=actor,
        district=school.district_id,
        reason=reason.id,
        code=code,
        requeued=requeued,
    )
    return requeued


def _plan_today(school: School, reason: Reason, now: datetime) -> int:
    """Queue today's failures that the code mends; plan those at work again."""
    is_mended = (Writeback.status == Status.FAILED) & (
        (Writeback.cause == Cause.UNMAPPED_REASON)
        | ((Writeback.cause == Cause.CODE_MISSING) & (Writeback.detail != reason.code))
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
            StudentEvent.type == reason.type,
            StudentEvent.voided_at.is_null(),
            is_mended | is_held,
        )
        .tuples()
    )
    wanted = label_key(reason.label)
    ids = [row[0] for row in rows if label_key(row[1]) == wanted]
    plan_again(school.district_id, Writeback.id.in_(ids))
    if not reason.code or not school.is_enabled:
        return 0
    if find_missing(school, [reason.code], now=now):
        lacking = {"cause": Cause.CODE_MISSING, "detail": reason.code}
        Writeback.update(lacking).where(Writeback.id.in_(ids), is_mended).execute()
        return 0
    return requeue(school.district_id, Writeback.id.in_(ids), is_mended, now=now)
