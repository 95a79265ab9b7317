"""Confirming what the roster's SIS ID is in PowerSchool, or changing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.db import transaction
from vmps.models import AuditEntry, District, RosterId
from vmps.services.ask_powerschool import find_connection
from vmps.services.bell import ring_after_commit
from vmps.services.connections import Overtaken, resolve_anew, version_of
from vmps.services.lanes import lock_lane
from vmps.words import count_of

CONFIRMED = "connection.roster_id_confirmed"


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


def confirm_roster_id(
    district: District, kind: RosterId, *, seen: str, actor: str, now: datetime
) -> RosterIdConfirmed:
    """Save the kind as confirmed; another one than saved resolves everybody anew.

    `seen` is the version of the connection that the person looked at.
    """
    with transaction():
        lock_lane(district.id)
        connection = find_connection(district.id)
        if seen != version_of(connection):
            raise Overtaken(["roster_id"])
        is_changed = connection.roster_id != kind
        connection.roster_id = kind
        connection.roster_id_confirmed_at = now
        connection.roster_id_confirmed_by = actor
        requeued = 0
        if is_changed:
            # Drains keep a link as long as the connection is the same.
            later = connection.saved_at + timedelta(microseconds=1)
            connection.saved_at = max(now, later)
            requeued = resolve_anew(district, now=now)
            ring_after_commit(district.id)
        connection.save()
        AuditEntry.note(
            CONFIRMED,
            actor=actor,
            district=district.id,
            kind=kind.value,
            is_changed=is_changed,
            requeued=requeued,
        )
    return RosterIdConfirmed(is_changed, requeued)
