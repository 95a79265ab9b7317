"""Confirming what the roster's SIS ID is in PowerSchool, or changing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.config import Settings
from vmps.db import transaction
from vmps.models import AuditEntry, Connection, District, RosterId
from vmps.services.ask_powerschool import find_connection
from vmps.services.bell import ring_after_commit
from vmps.services.connections import Overtaken, resolve_anew, version_of
from vmps.services.detect_roster_id import Detection, detect_roster_id
from vmps.services.lanes import lock_lane
from vmps.services.problems import Problem
from vmps.words import count_of

CONFIRMED = "connection.roster_id_confirmed"

_UNCLEAR = (
    "Check that the roster and the PowerSchool URL are of the same district, and ask"
    " whoever makes the roster which of PowerSchool's ids it holds."
)


class Unproven(Problem):
    """No sample bears the kind out; `although` is what a person would pass over."""

    def __init__(
        self, kind: RosterId, message: str, although: str, *details: str
    ) -> None:
        super().__init__(f"Not confirmed. {message}", details=details)
        self.kind = kind
        self.although = although


@dataclass(frozen=True, slots=True)
class RosterIdConfirmed:
    """Whether it is another kind now, and how many events of today go on."""

    is_changed: bool
    requeued: int

    def words(self) -> str:
        """Return what else came of it; nothing where the kind is as before."""
        told = "PowerSchool is asked for every student anew." if self.is_changed else ""
        if self.requeued:
            count = count_of(self.requeued, "event")
            told += f" Sending {count} of today again that failed because of the id."
        return told


def confirm_roster_id(  # noqa: PLR0913 who confirms what, and how sure
    district: District,
    kind: RosterId,
    settings: Settings,
    *,
    seen: str,
    is_forced: bool = False,
    actor: str,
    now: datetime,
) -> RosterIdConfirmed:
    """Compare a sample, and save the kind; another than saved resolves everybody anew.

    `seen` is the version of the connection that the person looked at. Takes
    ATTEMPT_SECONDS at most. Unproven where the sample does not fit, unless forced.
    """
    _find_seen(district, seen)
    doubt = _doubt(district, kind, settings)
    if doubt and not is_forced:
        raise doubt
    with transaction():
        lock_lane(district.id)
        connection = _find_seen(district, seen)
        done = _save(connection, kind, district, actor=actor, now=now)
        AuditEntry.note(
            CONFIRMED,
            actor=actor,
            district=district.id,
            kind=kind.value,
            is_changed=done.is_changed,
            requeued=done.requeued,
            although=doubt.although if doubt else None,
        )
    return done


def _save(
    connection: Connection,
    kind: RosterId,
    district: District,
    *,
    actor: str,
    now: datetime,
) -> RosterIdConfirmed:
    is_changed, requeued = connection.roster_id != kind, 0
    connection.roster_id = kind
    connection.roster_id_confirmed_at = now
    connection.roster_id_confirmed_by = actor
    if is_changed:
        # Drains keep a link as long as the connection is the same.
        later = connection.saved_at + timedelta(microseconds=1)
        connection.saved_at = max(now, later)
        requeued = resolve_anew(district, now=now)
        ring_after_commit(district.id)
    connection.save()
    return RosterIdConfirmed(is_changed, requeued)


def _find_seen(district: District, seen: str) -> Connection:
    connection = find_connection(district.id)
    if seen != version_of(connection):
        raise Overtaken(["roster_id"])
    return connection


def _doubt(district: District, kind: RosterId, settings: Settings) -> Unproven | None:
    """Return what speaks against the kind; not being able to tell does, too."""
    try:
        found = detect_roster_id(district, settings)
    except Problem as problem:
        although = "it could not be compared with PowerSchool"
        return Unproven(kind, problem.message, although, *problem.details)
    return _judge(kind, found)


def _judge(kind: RosterId, found: Detection) -> Unproven | None:
    (tally,) = (tally for tally in found.tallies if tally.kind is kind)
    if tally.fits:
        return None
    unfit = f"{tally.unfit} of {count_of(tally.asked, 'student')} did not fit"
    message = (
        f"Taken for {kind.label}, {unfit}: {tally.mismatched} would be other students,"
        f" {tally.missing} were not found."
    )
    clear = found.kind and f"By this sample it is {found.kind.label}: choose that."
    return Unproven(kind, message, unfit, clear or _UNCLEAR)
