"""Today's events that a school did not send while it was disabled, sent after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vmps.db import transaction
from vmps.models import (
    Action,
    AuditEntry,
    Cause,
    School,
    Status,
    StudentEvent,
    User,
    Writeback,
)
from vmps.services.actors import actor_of
from vmps.services.districts import lock_district
from vmps.services.interventions import note_interventions
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import requeue_rows
from vmps.services.schools import happened_today
from vmps.services.set_up_schools import refuse_overriding, with_district


def is_held(schools: Sequence[School], now: datetime) -> Any:
    """Return the clause for what was not sent today only for the school's Status.

    What somebody entered by hand has another cause, and what is void is not owed.
    """
    is_owed = StudentEvent.voided_at.is_null()
    return (
        (Writeback.status == Status.NOT_SENT)
        & (Writeback.cause == Cause.SCHOOL_DISABLED)
        & happened_today(schools, now, is_owed)
    )


def send_not_sent(user: User, school_id: int, *, now: datetime) -> int:
    """Send what the school held back today; return how many."""
    with transaction():
        refuse_overriding(user, lock_district(user.district_id))
        mine = School.visible_to(user).where(School.id == school_id)
        school = with_district(mine).first()
        if school is None:
            raise Missing("This school is not among yours.")
        _refuse_unready(school)
        rows = requeue_rows(user.district_id, is_held([school], now), now=now)
        ids = [writeback_id for writeback_id, _ in rows]
        if ids:
            _note(school, ids, actor_of(user), now)
    return len(ids)


def _note(school: School, ids: Sequence[int], actor: str, now: datetime) -> None:
    note_interventions(ids, Action.RETRIED, actor=actor, now=now)
    AuditEntry.note(
        "writebacks.retried",
        actor=actor,
        district=school.district_id,
        school=school.id,
        ids=ids,
    )


def _refuse_unready(school: School) -> None:
    nothing = "Nothing was sent:"
    if not school.is_enabled:
        raise Problem(f"{nothing} {school.name} is disabled. Enable it first.")
    if not school.mode:
        raise Problem(f"{nothing} choose the Attendance Mode of {school.name} first.")
