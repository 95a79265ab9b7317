"""Connections: saving how a district's PowerSchool is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from vmps.db import transaction
from vmps.models import (
    AuditEntry,
    Connection,
    District,
    Lane,
    RosterId,
    Student,
    VisibleId,
)
from vmps.powerschool import BadAddress, NetworkPolicy, PowerSchoolError
from vmps.powerschool.addresses import resolve
from vmps.services.bell import ring_after_commit
from vmps.services.lanes import resume_lane
from vmps.services.problems import Problem

RESOLVE_SECONDS = 3.0

#: A student's columns when nothing is known of them in PowerSchool.
UNKNOWN: dict[str, object] = {
    "ps_id": None,
    "ps_dcid": None,
    "ps_school_number": None,
    "ps_enroll_status": None,
    "ps_entry_date": None,
    "ps_exit_date": None,
    "ps_checked_at": None,
}


@dataclass(frozen=True, slots=True)
class ConnectionForm:
    """What a person says of a connection; None keeps what is saved."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    roster_id: RosterId | None = None
    visible_id: VisibleId | None = None


def save_connection(
    district: District,
    form: ConnectionForm,
    *,
    allowed_networks: Sequence[str],
    actor: str,
    now: datetime,
) -> None:
    """Save the connection, let a paused lane go on, forget ids that may be others'."""
    client_id, secret = form.client_id.strip(), form.client_secret.strip()
    if not client_id or not secret:
        raise Problem("The client id and the client secret must not be empty.")
    origin = check_url(form.url, allowed_networks)
    with transaction():
        known = Connection.get_or_none(Connection.district == district)
        connection = known or Connection(district=district, saved_at=now)
        before = (connection.base_url, connection.roster_id) if known else None
        connection.base_url = origin
        connection.client_id = client_id
        connection.client_secret_token = Connection.seal(secret)
        connection.roster_id = form.roster_id or connection.roster_id
        connection.visible_id = form.visible_id or connection.visible_id
        if known:
            connection.powerschool_version = None
            connection.saved_at = max(
                now, connection.saved_at + timedelta(microseconds=1)
            )
        connection.save()
        if before and before != (origin, connection.roster_id):
            _forget_students(district)
        AuditEntry.note("connection.saved", actor=actor, district=district.id)
        resume_lane(district.id, actor=actor)
        ring_after_commit(district.id)


def check_url(url: str, allowed_networks: Sequence[str]) -> str:
    """Return the origin; plain http only where the operator listed the network."""
    policy = NetworkPolicy(
        allowed_networks=tuple(allowed_networks),
        allow_plain_http=bool(allowed_networks),
    )
    try:
        origin = policy.check_origin(url)
        parts = urlsplit(origin)
        if parts.scheme == "http":
            host, port = parts.hostname or "", parts.port or 80
            policy.vet(resolve(host, port, RESOLVE_SECONDS), is_plain=True)
    except (BadAddress, PowerSchoolError) as error:
        raise Problem(str(error)) from error
    return origin


def _forget_students(district: District) -> None:
    """Another server or id kind: the same numbers are other children.

    A drain at work still knows the old ones; the raised fence keeps it from recording
    them, and its lease runs out before another begins.
    """
    Student.update(UNKNOWN).where(Student.district == district).execute()
    (
        Lane.update(fence=Lane.fence + 1, owner=None)
        .where(Lane.district == district)
        .execute()
    )
