"""Importing attendance codes from PowerSchool: of one school, or of several."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vmps.config import Settings
from vmps.models import School
from vmps.services.fetch_codes import NotAnswered, ask_for_codes, open_client
from vmps.services.problems import Problem
from vmps.services.store_codes import Imported, store_codes

#: A page waits no longer; schools that were not reached are named.
LONGEST_SECONDS = 12.0


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
    with open_client(school.district, settings) as client:
        fetched = ask_for_codes(
            client, school, settings=settings, now=now, year_id=year_id
        )
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
    with open_client(waiting[0].district, settings) as client:
        while waiting and time.monotonic() < until:
            school = waiting.pop(0)
            try:
                fetched = ask_for_codes(client, school, settings=settings, now=now)
            except NotAnswered as problem:
                refused.append((school, problem))
                break
            except Problem as problem:
                refused.append((school, problem))
            else:
                imported.append(store_codes(school, fetched, actor=actor, now=now))
    return ManyImported(imported, refused, waiting)


def _last_import(school: School) -> tuple[bool, str, str]:
    at = school.codes_imported_at
    return at is not None, at.isoformat() if at else "", school.name
