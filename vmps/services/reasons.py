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
from vmps.services.lanes import lock_lane
from vmps.services.problems import Problem
from vmps.services.requeue import plan_again, requeue
from vmps.services.schools import today_at

#: ATTENDANCE_CODE.ATT_CODE is a Varchar(7); case matters when events are planned.
LONGEST_CODE = 7
#: As long as what a kiosk may send.
LONGEST_LABEL = 2000


@dataclass(frozen=True, slots=True)
class Mapped:
    """One reason's new code, None for none; `was` is the code that the person saw."""

    row: str
    reason_id: int
    code: str | None
    was: str | None


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
        known = _lock(school)
        reason = _look_up(known, kind, label)
        if reason is None:
            reason = _add(school, kind, label, known)
        reason.label = label
        requeued = _give_code(school, reason, code or reason.code, actor, now)
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
        known = _lock(school)
        errors: dict[str, str] = {}
        requeued = 0
        for change in mapped:
            reason = next((r for r in known if r.id == change.reason_id), None)
            if text := _objection(reason, change):
                errors[change.row] = text
            elif reason:
                requeued += _give_code(school, reason, change.code, actor, now)
        for new in added:
            if _look_up(known, new.kind, new.label):
                errors[new.row] = (
                    f"There is a reason {new.label} already: give that one its code."
                )
                continue
            reason = _add(school, new.kind, new.label, known)
            known.append(reason)
            requeued += _give_code(school, reason, new.code, actor, now)
        if errors:
            raise ReasonsRefused(errors)
    return requeued


def clean_label(label: str) -> str:
    """Return the label without spaces around, or refuse it."""
    label = label.strip()
    if not label:
        raise Problem("A reason needs a name.")
    if len(label) > LONGEST_LABEL or "\0" in label:
        raise Problem(f"A reason's name has up to {LONGEST_LABEL} characters.")
    return label


def clean_code(code: str) -> str:
    """Return the code's text as PowerSchool would hold it, or refuse it."""
    code = code.strip()
    if len(code) > LONGEST_CODE or not code.isprintable():
        raise Problem(
            f"An attendance code has up to {LONGEST_CODE} letters and digits,"
            " like T or TDY."
        )
    return code


def _lock(school: School) -> list[Reason]:
    """Return the school's reasons; nobody else changes them until the commit.

    The lane is locked, not the school: a kiosk's event refers to that and must not
    wait; and no drain claims anything that it would plan by the old codes.
    """
    lock_lane(school.district_id)
    known = Reason.select().where(Reason.school == school.id)
    return list(known.order_by(Reason.position, Reason.id))


def _look_up(known: Sequence[Reason], kind: EventType, label: str) -> Reason | None:
    wanted = label_key(label)
    return next(
        (r for r in known if r.type == kind and label_key(r.label) == wanted),
        None,
    )


def _objection(reason: Reason | None, change: Mapped) -> str:
    """Return why this change would undo somebody else's, or nothing."""
    if reason is None:
        return "This reason was removed meanwhile."
    if reason.code in {change.was, change.code}:
        return ""
    stands = f"gave this the code {reason.code}" if reason.code else "took the code off"
    return f"Somebody {stands} while you were here. Save again to use yours."


def _add(
    school: School, kind: EventType, label: str, known: Sequence[Reason]
) -> Reason:
    places = [reason.position for reason in known if reason.type == kind]
    position = max(places, default=-1) + 1
    return Reason.create(school=school, type=kind, label=label, position=position)


def _give_code(  # noqa: PLR0917 one step of saving, with its state
    school: School, reason: Reason, code: str | None, actor: str, now: datetime
) -> int:
    """Save the code, and let what waited for it go on; return how many."""
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
    return requeue(school.district_id, Writeback.id.in_(ids), is_mended, now=now)
