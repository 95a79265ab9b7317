"""Importing attendance codes from PowerSchool: of one school, or of several."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vmps.config import Settings
from vmps.models import School
from vmps.powerschool import PowerSchoolError
from vmps.services.ask_powerschool import Asked, ask_powerschool, problem_of
from vmps.services.fetch_codes import FetchedCodes, fetch_codes
from vmps.services.problems import Problem
from vmps.services.school_years import day_within
from vmps.services.schools import today_at
from vmps.services.store_codes import Imported, store_codes

#: A page waits no longer; schools that were not reached are named.
LONGEST_SECONDS = 12.0
_AGAIN = "Try again in a minute. The codes that were imported before stay."


@dataclass(frozen=True, slots=True)
class ManyImported:
    """What was imported of several schools, what was refused, and what is left."""

    imported: Sequence[Imported]
    refused: Sequence[tuple[School, Problem]]
    left: Sequence[School]


def import_codes(
    school: School,
    *,
    settings: Settings,
    actor: str,
    now: datetime,
    year_id: int | None = None,
) -> Imported:
    """Import one school's codes of this year, or of another; a Problem says why not."""
    day = today_at(school, now) if year_id is None else day_within(year_id)
    with ask_powerschool(school.district_id, settings) as asked:
        try:
            fetched = _fetch(asked, school, day)
        except PowerSchoolError as error:
            raise problem_of(error, again=_AGAIN) from error
    return store_codes(school, fetched, actor=actor, now=now)


def import_codes_of(
    schools: Sequence[School],
    *,
    settings: Settings,
    actor: str,
    now: datetime,
    longest_seconds: float = LONGEST_SECONDS,
) -> ManyImported:
    """Import the codes of these schools of one district, oldest first.

    Pressed again it goes on with those that were left. Where PowerSchool does not
    answer for one school, the others are not tried.
    """
    waiting = sorted(schools, key=_last_import)
    imported: list[Imported] = []
    refused: list[tuple[School, Problem]] = []
    until = time.monotonic() + longest_seconds
    if not waiting:
        return ManyImported((), (), ())
    seconds = longest_seconds + settings.call_seconds
    with ask_powerschool(waiting[0].district_id, settings, seconds=seconds) as asked:
        while waiting and time.monotonic() < until:
            school = waiting.pop(0)
            try:
                fetched = _fetch(asked, school, today_at(school, now))
            except PowerSchoolError as error:
                refused.append((school, problem_of(error, again=_AGAIN)))
                break
            except Problem as problem:
                refused.append((school, problem))
            else:
                imported.append(store_codes(school, fetched, actor=actor, now=now))
    return ManyImported(imported, refused, waiting)


def _fetch(asked: Asked, school: School, day: date) -> FetchedCodes:
    client = asked.link.client
    return asked.budget.call(lambda by: fetch_codes(client, school, day, deadline=by))


def _last_import(school: School) -> tuple[bool, str, str]:
    at = school.codes_imported_at
    return at is not None, at.isoformat() if at else "", school.name
