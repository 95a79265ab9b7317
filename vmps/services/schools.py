"""Schools: adding one, finding one, setting how it writes attendance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from peewee import ModelSelect

from vmps.db import transaction
from vmps.models import (
    AuditEntry,
    Cause,
    District,
    School,
    Status,
    StudentEvent,
    User,
    Writeback,
)
from vmps.services.districts import check_timezone, lock_district
from vmps.services.meeting_rules import code_fault, find_known_codes
from vmps.services.problems import Missing, Problem
from vmps.services.requeue import is_begun, plan_again, requeue_rows
from vmps.services.school_changes import SET_UP_COLUMNS, SchoolChanges

#: A day has 25 hours when summer time ends; the 26th is for clocks that differ.
LONGEST_DAY = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class SchoolSaved:
    """What a change did to the school's writebacks."""

    requeued: int
    not_sent: int


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


def list_schools_of(user: User) -> list[School]:
    """Return the schools that the user may see, by name."""
    query = with_district(School.visible_to(user))
    return list(query.order_by(School.name, School.id))


def find_own_schools(user: User, school_ids: Collection[int]) -> dict[int, School]:
    """Return the user's schools by id; refuse where one of these is none of them."""
    mine = {school.id: school for school in list_schools_of(user)}
    if not mine.keys() >= set(school_ids):
        raise Missing(
            "Nothing was saved: one of these schools is not among yours any more."
            " Load the page again."
        )
    return mine


def with_district(schools: ModelSelect[School]) -> ModelSelect[School]:
    """Return the schools with what their zones need, in one query."""
    return schools.select(School, District).join(District)


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
        district = lock_district(school.district_id)
        if changes.is_enabled is False:
            refuse_disabling(district)
        _refuse_codes(school, changes)
        saved_by = _saved_by(columns, actor, now)
        School.update(columns | saved_by).where(School.id == school.id).execute()
        saved = [School.get_by_id(school.id)]
        is_sending = changes.mode or changes.is_enabled
        requeued = send_waiting(saved, now=now) if is_sending else Counter[int]()
        if freed := freed_codes(school, saved[0]):
            requeued[school.id] += send_overwritable(saved[0], freed, now=now)
        is_stopping = changes.is_enabled is False
        not_sent = stop_sending(saved, now=now) if is_stopping else Counter[int]()
        counts = SchoolSaved(requeued.total(), not_sent.total())
        AuditEntry.note(
            "school.set",
            actor=actor,
            district=district.id,
            school=school.id,
            requeued=counts.requeued,
            not_sent=counts.not_sent,
            **columns,
        )
    return counts


def _refuse_codes(school: School, changes: SchoolChanges) -> None:
    """Refuse rules that name codes which the school does not have."""
    codes = [changes.missed_code or "", changes.remaining_code or ""]
    if fault := code_fault(school, codes, find_known_codes([school.id])):
        raise Problem(fault)


def _saved_by(
    columns: dict[str, object], actor: str, now: datetime
) -> dict[str, object]:
    if columns.keys().isdisjoint(SET_UP_COLUMNS):
        return {}
    return {"setup_saved_at": now, "setup_saved_by": actor}


def refuse_disabling(district: District) -> None:
    """Refuse to disable a school of a district that prevents school overrides."""
    if district.prevents_overrides:
        raise Problem(
            f"{district.name} has Prevent School Overrides on, so every school stays"
            " enabled. A District Admin can turn it off on School Building Setup."
        )


def mode_is_missing(school: School) -> str:
    """Return what to say of an enabled school without a mode."""
    return f"Choose the Attendance Mode that {school.name} uses in PowerSchool."


def send_waiting(schools: Sequence[School], *, now: datetime) -> Counter[int]:
    """What failed today for want of a mode is planned anew.

    The schools are of one district; return how many of each go on.
    """
    if not schools:
        return Counter()
    district_id = schools[0].district_id
    at_schools = Writeback.school.in_([school.id for school in schools])
    plan_again(district_id, at_schools)
    ready = [school for school in schools if school.is_enabled and school.mode]
    if not ready:
        return Counter()
    rows = requeue_rows(
        district_id,
        Writeback.status == Status.FAILED,
        Writeback.cause == Cause.NO_MODE,
        happened_today(ready, now),
        now=now,
    )
    return Counter(school_id for _, school_id in rows)


def freed_codes(before: School, after: School) -> frozenset[str]:
    """Return the codes that may be overwritten now and might not before."""
    allowed = after.replaceable | (before.protected - after.protected)
    was = before.replaceable - before.protected
    return allowed - was - after.protected


def send_overwritable(school: School, codes: Collection[str], *, now: datetime) -> int:
    """What failed today on one of these existing codes goes on; count them.

    They may be overwritten from now on. What a drain plans by the old lists is let go.
    """
    plan_again(school.district_id, Writeback.school == school.id)
    if not (codes and school.is_enabled):
        return 0
    is_mended = (
        (Writeback.status == Status.FAILED)
        & (Writeback.cause == Cause.ALREADY_MARKED)
        & reduce(or_, [_names(code) for code in sorted(codes)])
        & happened_today([school], now)
    )
    return len(requeue_rows(school.district_id, is_mended, now=now))


def _names(code: str) -> Any:
    """Return the clause for a detail that names this code, or this one in a class."""
    return (Writeback.detail == code) | Writeback.detail.startswith(f"{code} in ")


def happened_today(schools: Sequence[School], now: datetime, *events: Any) -> Any:
    """Return the clause for writebacks of the day that it is at each school.

    `events` are clauses for their events. A day alone has no index; events by district
    and moment have one.
    """
    at_day: dict[date, list[int]] = {}
    for school in schools:
        at_day.setdefault(today_at(school, now), []).append(school.id)
    of_today = [
        (Writeback.school_day == day) & Writeback.school.in_(ids)
        for day, ids in at_day.items()
    ]
    recent = StudentEvent.select(StudentEvent.id).where(
        StudentEvent.district.in_({school.district_id for school in schools}),
        StudentEvent.occurred_at >= now - LONGEST_DAY,
        *events,
    )
    return Writeback.event.in_(recent) & reduce(or_, of_today)


def stop_sending(schools: Sequence[School], *, now: datetime) -> Counter[int]:
    """Pending ones are not sent; those whose write has begun the drain settles.

    An ambiguous one may stand in PowerSchool: the drain resolves it by reading.
    Return how many of each school are not sent; all are of one district.
    """
    if not schools:
        return Counter()
    at_schools = Writeback.school.in_([school.id for school in schools])
    plan_again(schools[0].district_id, at_schools)
    changes: dict[str, Any] = {
        "status": Status.NOT_SENT,
        "cause": Cause.SCHOOL_DISABLED,
        "detail": "",
        "settled_at": now,
    }
    rows = (
        Writeback.update(changes)
        .where(
            at_schools,
            Writeback.status == Status.PENDING,
            ~Writeback.is_ambiguous,
            Writeback.claim_fence.is_null(),
            ~is_begun(),
        )
        .returning(Writeback.school)
        .tuples()
        .execute()
    )
    return Counter(row[0] for row in rows)


def _look_up(district: District, number: str) -> School | None:
    return School.get_or_none(School.district == district, School.number == number)
