"""Schools: adding one, finding one, setting how it writes attendance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vmps.db import transaction
from vmps.models import (
    AttendanceMode,
    AuditEntry,
    Cause,
    District,
    School,
    Status,
    Writeback,
)
from vmps.services.districts import check_timezone
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import is_begun, plan_again, requeue


@dataclass(frozen=True, slots=True)
class SchoolChanges:
    """What to change; None leaves it as it is."""

    mode: AttendanceMode | None = None
    is_enabled: bool | None = None
    replaceable: Sequence[str] | None = None
    protected: Sequence[str] | None = None
    keeps_first: bool | None = None

    def columns(self) -> dict[str, object]:
        """Return the columns to set."""
        given = {
            "mode": self.mode and self.mode.value,
            "is_enabled": self.is_enabled,
            "replaceable_codes": _as_json(self.replaceable),
            "protected_codes": _as_json(self.protected),
            "keeps_first_code": self.keeps_first,
        }
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SchoolSaved:
    """What a change did to the school's writebacks."""

    requeued: int
    not_sent: int


def _as_json(codes: Sequence[str] | None) -> str | None:
    return None if codes is None else json.dumps(list(dict.fromkeys(codes)))


def add_school(
    district: District, number: str, name: str, *, timezone: str | None, actor: str
) -> int:
    """Add a school, enabled and without a mode yet; return its id."""
    number, name = plain_number(number), name.strip()
    if not name:
        raise Problem("A school needs a name.")
    if timezone:
        check_timezone(timezone)
    with transaction():
        if _look_up(district, number):
            raise Problem(f"{district.name} has a school with number {number} already.")
        school = School.create(
            district=district, number=number, name=name, timezone=timezone
        )
        AuditEntry.note(
            "school.added", actor=actor, district=district.id, school=school.id
        )
    return int(school.id)


def find_school(district: District, number: str) -> School:
    """Return the district's school with this number."""
    school = _look_up(district, plain_number(number))
    if school is None:
        raise Missing(
            f"{district.name} has no school with number {number}: "
            "`schools list` shows them."
        )
    return school


def plain_number(number: str) -> str:
    """Return SCHOOLS.SCHOOL_NUMBER as PowerSchool writes it: no zeros in front."""
    digits = number.strip()
    if not (digits.isascii() and digits.isdigit()):
        raise Problem(f"A school's number has digits only, not {number!r}.")
    return str(int(digits))


def today_at(school: School, now: datetime) -> date:
    """Return the date on the school's own wall clock."""
    return now.astimezone(school.zone).date()


def set_school(
    school: School, changes: SchoolChanges, *, actor: str, now: datetime
) -> SchoolSaved:
    """Save the changes; what waited for them goes on, what they forbid stops."""
    columns = changes.columns()
    if not columns:
        raise Problem("Say what to set: `schools set --help` lists it.")
    with transaction():
        School.update(columns).where(School.id == school.id).execute()
        saved = School.get_by_id(school.id)
        requeued = _after_mode(saved, now) if changes.mode else 0
        not_sent = _stop_sending(saved, now) if changes.is_enabled is False else 0
        AuditEntry.note(
            "school.set",
            actor=actor,
            district=school.district.id,
            school=school.id,
            requeued=requeued,
            not_sent=not_sent,
            **columns,
        )
    return SchoolSaved(requeued, not_sent)


def _after_mode(school: School, now: datetime) -> int:
    """What failed today for want of a mode, or waits for another, is planned anew."""
    at_school = Writeback.school == school.id
    plan_again(at_school)
    waiting = (Writeback.status == Status.PENDING) & (
        Writeback.cause == Cause.MODE_NOT_BUILT
    )
    if school.is_enabled:
        waiting |= (
            (Writeback.status == Status.FAILED)
            & (Writeback.cause == Cause.NO_MODE)
            & (Writeback.school_day == today_at(school, now))
        )
    return requeue(school.district.id, at_school, waiting, now=now)


def _stop_sending(school: School, now: datetime) -> int:
    """Pending ones are not sent; those whose write has begun the drain settles.

    An ambiguous one may stand in PowerSchool: the drain resolves it by reading.
    """
    plan_again(Writeback.school == school.id)
    changes: dict[str, Any] = {
        "status": Status.NOT_SENT,
        "cause": Cause.SCHOOL_DISABLED,
        "detail": "",
        "settled_at": now,
    }
    count = (
        Writeback.update(changes)
        .where(
            Writeback.school == school.id,
            Writeback.status == Status.PENDING,
            ~Writeback.is_ambiguous,
            Writeback.claim_fence.is_null(),
            ~is_begun(),
        )
        .execute()
    )
    return int(count)


def _look_up(district: District, number: str) -> School | None:
    return School.get_or_none(School.district == district, School.number == number)
