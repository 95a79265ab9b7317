"""Whether this installation delivers: the database, the scheduler, the backlog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import DatabaseError

from vmps.db import UNAVAILABLE, drop_connection
from vmps.models import Heartbeat
from vmps.services.claims import oldest_due_at

SCHEDULER = "scheduler"
LONGEST_SILENCE_SECONDS = 30
LONGEST_WAIT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found; an age is None where there is nothing to be old."""

    is_database_ok: bool
    scheduler_age_seconds: float | None
    oldest_due_age_seconds: float | None
    problems: Sequence[str]

    @property
    def is_ready(self) -> bool:
        """Tell whether there is no problem."""
        return not self.problems


def check_readiness(*, now: datetime) -> Readiness:
    """Look at the database once; a database that is away is an answer, not an error."""
    try:
        beat = Heartbeat.get_or_none(Heartbeat.name == SCHEDULER)
        due_at = oldest_due_at(now)
    except (*UNAVAILABLE, DatabaseError):
        drop_connection()
        away = "The database does not answer, or has no tables yet."
        return Readiness(False, None, None, [away])
    silence = _age(beat.beat_at if beat else None, now)
    waited = _age(due_at, now)
    return Readiness(True, silence, waited, _problems(silence, waited))


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment).total_seconds())


def _problems(silence: float | None, waited: float | None) -> list[str]:
    problems = []
    if silence is None:
        problems.append("The scheduler has never run: start `jobs schedule`.")
    elif silence >= LONGEST_SILENCE_SECONDS:
        problems.append(f"The scheduler has been silent for {silence:.0f} seconds.")
    if waited is not None and waited >= LONGEST_WAIT_SECONDS:
        problems.append(f"The oldest due writeback has waited {waited:.0f} seconds.")
    return problems
