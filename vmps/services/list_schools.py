"""Reading the set-up list: every school with how it is doing, in a few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from vmps.db import date_of, tuples
from vmps.models import Reason, School, Status, StudentEvent, User, Writeback
from vmps.services.actors import name_actors
from vmps.services.observed_modes import ModeDifference, find_difference, from_json
from vmps.services.schools import LONGEST_DAY, list_schools_of, today_at
from vmps.services.send_not_sent import is_held

#: A success older than this is none: the log keeps them all, the list looks so far.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Health:
    """What became of a school's events, and what its reasons lack."""

    last_success_at: datetime | None = None
    waiting: int = 0
    failed_today: int = 0
    not_sent_today: int = 0
    #: Of these, what was not sent only for the school's Status, and is not void.
    held_today: int = 0
    mapped_reasons: int = 0
    unmapped_reasons: int = 0


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """One school of the list, its date, and who last set it up, in words."""

    school: School
    health: Health
    today: date
    saved_by: str
    #: How PowerSchool's recent attendance differs from the mode.
    difference: ModeDifference | None


@dataclass(frozen=True, slots=True)
class _Findings:
    """What the queries found, each by school."""

    successes: Mapping[int, datetime]
    today: Mapping[tuple[int, str], int]
    waiting: Mapping[int, int]
    held: Mapping[int, int]
    reasons: Mapping[tuple[int, bool], int]
    names: Mapping[str, str]
    days: Mapping[int, date]


def list_schools(user: User, *, now: datetime) -> list[ListedSchool]:
    """Return the schools that the user may see, by name."""
    schools = list_schools_of(user)
    if not schools:
        return []
    days = {school.id: today_at(school, now) for school in schools}
    found = _Findings(
        successes=_successes(user, now),
        today=_today(user, days, now),
        waiting=_count(_mine(user).where(Writeback.status == Status.PENDING)),
        held=_count(_mine(user).where(is_held(schools, now))),
        reasons=_reasons(user),
        names=name_actors(s.setup_saved_by for s in schools if s.setup_saved_by),
        days=days,
    )
    return [_listed(school, found) for school in schools]


def _listed(school: School, found: _Findings) -> ListedSchool:
    health = Health(
        last_success_at=found.successes.get(school.id),
        waiting=found.waiting.get(school.id, 0),
        failed_today=found.today.get((school.id, Status.FAILED), 0),
        not_sent_today=found.today.get((school.id, Status.NOT_SENT), 0),
        held_today=found.held.get(school.id, 0),
        mapped_reasons=found.reasons.get((school.id, True), 0),
        unmapped_reasons=found.reasons.get((school.id, False), 0),
    )
    saved_by = found.names.get(school.setup_saved_by, "")
    difference = find_difference(
        school.attendance_mode, from_json(school.observed_modes)
    )
    return ListedSchool(school, health, found.days[school.id], saved_by, difference)


def _mine(user: User) -> Any:
    return (
        Writeback.visible_to(user)
        .select(Writeback.school, fn.COUNT(Writeback.id))
        .group_by(Writeback.school)
    )


def _count(query: Any) -> dict[int, int]:
    return dict(tuples(query))


def _recent(user: User, since: datetime) -> Any:
    """Return the writebacks of events since then; that is what has an index."""
    return (
        Writeback.visible_to(user)
        .join(StudentEvent, on=(Writeback.event == StudentEvent.id))
        .where(
            StudentEvent.district == user.district_id,
            StudentEvent.occurred_at >= since,
            StudentEvent.voided_at.is_null(),
        )
    )


def _successes(user: User, now: datetime) -> dict[int, datetime]:
    query = (
        _recent(user, now - LOOK_BACK)
        .where(Writeback.status == Status.SUCCESSFUL)
        .select(Writeback.school, fn.MAX(Writeback.settled_at))
        .group_by(Writeback.school)
    )
    read = Writeback.settled_at.python_value
    found = ((school_id, read(at)) for school_id, at in tuples(query))
    return {school_id: at for school_id, at in found if at}


def _today(
    user: User, days: Mapping[int, date], now: datetime
) -> dict[tuple[int, str], int]:
    query = (
        _recent(user, now - LONGEST_DAY)
        .select(
            Writeback.school,
            Writeback.school_day,
            Writeback.status,
            fn.COUNT(Writeback.id),
        )
        .group_by(Writeback.school, Writeback.school_day, Writeback.status)
    )
    counts: Counter[tuple[int, str]] = Counter()
    for school_id, day, status, count in tuples(query):
        if date_of(day) == days.get(school_id):
            counts[school_id, status] += count
    return counts


def _reasons(user: User) -> dict[tuple[int, bool], int]:
    is_mapped = Reason.code.is_null(False)
    query = (
        Reason.visible_to(user)
        .select(Reason.school, is_mapped, fn.COUNT(Reason.id))
        .group_by(Reason.school, is_mapped)
    )
    return {(row[0], bool(row[1])): row[2] for row in tuples(query)}


def held_schools(listed: Sequence[ListedSchool]) -> list[ListedSchool]:
    """Return the enabled ones that have events of today to send after all."""
    return [one for one in listed if one.school.is_enabled and one.health.held_today]
