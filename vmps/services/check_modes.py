"""Checking which attendance modes PowerSchool really uses, a few schools at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.config import Settings
from vmps.db import transaction, tuples
from vmps.models import (
    Attempt,
    Connection,
    District,
    Lane,
    School,
    StudentEvent,
    User,
    Writeback,
)
from vmps.powerschool import (
    AttendanceRow,
    BadAddress,
    Deadline,
    PowerSchoolError,
    year_id_of,
)
from vmps.secrets import SecretUnreadable
from vmps.services.across import PAGE_SIZE
from vmps.services.ask_powerschool import (
    Asked,
    ask_powerschool,
    find_connection,
    reach,
)
from vmps.services.observed_modes import (
    Observed,
    count_modes,
    find_difference,
    read_preferences,
    to_json,
)
from vmps.services.problems import Problem
from vmps.services.schools import LONGEST_DAY, list_schools_of, today_at

LOOK_BACK = timedelta(days=14)
#: A page holds the oldest rows of its days: of a busy school the newest are asked too.
LATELY = timedelta(days=3)
CHECKED_EVERY = timedelta(days=1)
#: Schools that the scheduler checks at a time.
AT_A_TIME = 5

_CANNOT_ASK = (PowerSchoolError, BadAddress, SecretUnreadable)


@dataclass(frozen=True, slots=True)
class ModesChecked:
    """How many schools were looked at, how many not yet, how many differ."""

    checked: int
    left: int
    different: int


def check_modes(user: User, settings: Settings, *, now: datetime) -> ModesChecked:
    """Check the user's schools, those longest ago first, for ATTEMPT_SECONDS at most.

    A Problem says why none could be checked.
    """
    schools = sorted(
        list_schools_of(user),
        key=lambda school: (school.observed_at is not None, school.observed_at or now),
    )
    if not schools:
        raise Problem("There are no schools to check.")
    with ask_powerschool(user.district_id, settings) as asked:
        return _check_all(asked, schools, settings, now)


def check_due_modes(
    settings: Settings, *, now: datetime, skipped: Collection[int] = ()
) -> set[int]:
    """Check some schools that nobody looked at for a day, of lanes that are idle.

    Return the districts whose PowerSchool could not be asked; `skipped` are let alone.
    """
    failed: set[int] = set()
    due = _due(now, skipped)
    for district_id in dict.fromkeys(school.district_id for school in due):
        schools = [school for school in due if school.district_id == district_id]
        try:
            with reach(find_connection(district_id), settings) as asked:
                _check_all(asked, schools, settings, now)
        except _CANNOT_ASK:
            failed.add(district_id)
    return failed


def _due(now: datetime, skipped: Collection[int]) -> list[School]:
    """Return schools of districts that are connected, and neither blocked nor busy."""
    is_old = School.observed_at.is_null() | (School.observed_at <= now - CHECKED_EVERY)
    is_elsewhere = School.observed_at < Connection.saved_at
    query = (
        School.select(School, District)
        .join(District)
        .join(Lane, on=(Lane.district == District.id))
        .join_from(District, Connection, on=(Connection.district == District.id))
        .where(
            School.is_enabled,
            is_old | is_elsewhere,
            School.district.not_in(list(skipped)),
            Lane.blocked_reason.is_null(),
            Lane.blocked_until.is_null() | (Lane.blocked_until <= now),
            Lane.lease_until.is_null() | (Lane.lease_until <= now),
        )
        .order_by(School.observed_at.is_null().desc(), School.observed_at, School.id)
    )
    return list(query.limit(AT_A_TIME))


def _check_all(
    asked: Asked, schools: Sequence[School], settings: Settings, now: datetime
) -> ModesChecked:
    """Check schools of one district while time is left; one at least, or raise."""
    checked = different = 0
    for school, observed in _observe(asked, schools, settings, now):
        _keep(school, observed, now)
        checked += 1
        different += bool(find_difference(school.attendance_mode, observed))
    return ModesChecked(checked, len(schools) - checked, different)


def _observe(
    asked: Asked, schools: Sequence[School], settings: Settings, now: datetime
) -> Iterator[tuple[School, Observed]]:
    """Look at one after the other; what goes wrong at a later one ends it."""
    ends = Deadline.after(settings.attempt_seconds)
    for place, school in enumerate(schools):
        if place and ends.remaining() < settings.call_seconds:
            return
        try:
            observed = _look(asked, school, now)
        except PowerSchoolError:
            if not place:
                raise
            return
        yield school, observed


def _look(asked: Asked, school: School, now: datetime) -> Observed:
    """Ask for recent rows and preferences; two or three calls."""
    client, budget = asked.link.client, asked.budget
    today = today_at(school, now)
    number, since = int(school.number), today - LOOK_BACK
    rows = budget.call(lambda by: client.recent_attendance(number, since, deadline=by))
    if len(rows) >= PAGE_SIZE:
        lately = today - LATELY
        rows += budget.call(
            lambda by: client.recent_attendance(number, lately, deadline=by)
        )
    theirs = _without_ours(rows, school, now)
    try:
        preferences = budget.call(
            lambda by: client.preferences(number, year_id_of(today), deadline=by)
        )
    except PowerSchoolError:
        preferences = {}  # they only say whether they agree; the plugin may lack them
    return Observed(count_modes(r.mode for r in theirs), read_preferences(preferences))


def _without_ours(
    rows: Iterable[AttendanceRow], school: School, now: datetime
) -> list[AttendanceRow]:
    """Return each row once, less what we wrote: in a wrong mode it would look right."""
    found = {row.dcid: row for row in rows}
    ours = (
        Attempt.select(Attempt.ps_row)
        .join(Writeback)
        .join(StudentEvent, on=(Writeback.event == StudentEvent.id))
        .where(
            StudentEvent.district == school.district_id,
            StudentEvent.school == school.id,
            StudentEvent.occurred_at >= now - LOOK_BACK - LONGEST_DAY,
            Attempt.ps_row.is_null(False),
        )
    )
    mine = {row[0] for row in tuples(ours)}
    return [row for dcid, row in found.items() if dcid not in mine]


def _keep(school: School, observed: Observed, now: datetime) -> None:
    text = to_json(observed)
    with transaction():
        School.update(observed_modes=text, observed_at=now).where(
            School.id == school.id
        ).execute()
