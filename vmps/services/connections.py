"""Connections: saving how a district's PowerSchool is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.db import transaction
from vmps.models import (
    AuditEntry,
    Cause,
    Connection,
    District,
    Lane,
    School,
    Status,
    Student,
    Writeback,
)
from vmps.secrets import SecretUnreadable
from vmps.services.bell import ring_after_commit
from vmps.services.connection_form import ConnectionForm, Findings, look_over
from vmps.services.lanes import lock_lane, resume_lane
from vmps.services.problems import Invalid, Problem
from vmps.services.requeue import requeue
from vmps.services.schools import happened_today, with_district

SAVED = "connection.saved"

#: What another kind of id, or another server, may mend.
_OF_THE_ID = (Cause.WRONG_STUDENT, Cause.STUDENT_NOT_FOUND)

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
class ConnectionSaved:
    """The schools that it is for, and the enabled ones that still need a mode."""

    school_count: int
    without_mode: Sequence[str]


class Overtaken(Problem):
    """Somebody else saved since the person looked; `fields` are what differs."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(
            "Somebody else saved these settings meanwhile. Load the page again."
        )
        self.fields = tuple(fields)


def save_connection(
    district: District,
    form: ConnectionForm,
    *,
    allowed_networks: Sequence[str],
    actor: str,
    now: datetime,
) -> ConnectionSaved:
    """Save the connection for all schools of the district; a paused lane goes on.

    Ids that may be others' at another server, or of another kind, are forgotten.
    """
    found = look_over(form, allowed_networks)
    with transaction():
        lock_lane(district.id)
        known = Connection.get_or_none(Connection.district == district)
        missing = _missing_secret(found, known)
        _refuse(found.problems and found.problems | missing, found.corrected)
        _refuse_overtaken(form, found, known)
        _refuse(missing)
        connection = known or Connection(district=district)
        before = (connection.base_url, connection.roster_id)
        _forget_health(connection, found)
        _fill(connection, form, found, actor=actor, now=now)
        connection.save()
        if known and before != (connection.base_url, connection.roster_id):
            resolve_anew(district, now=now)
        AuditEntry.note(
            SAVED,
            actor=actor,
            district=district.id,
            is_new_secret=found.client_secret is not None,
        )
        resume_lane(district.id, actor=actor)
        ring_after_commit(district.id)
        return _schools_of(district)


def version_of(connection: Connection | None) -> str:
    """Return what changes with every save, for a form to hold; empty for none."""
    return connection.saved_at.isoformat() if connection else ""


def _refuse(problems: dict[str, str], corrected: str | None = None) -> None:
    if problems:
        raise Invalid(problems, corrected=corrected)


def _missing_secret(found: Findings, known: Connection | None) -> dict[str, str]:
    """A saved secret goes to the saved server and plugin only, never to a typed one."""
    if found.client_secret is not None or "client_secret" in found.problems:
        return {}
    if known is None:
        return {"client_secret": "Enter the Client Secret."}
    is_same = (found.origin, found.client_id) == (known.base_url, known.client_id)
    if is_same or not found.origin or not found.client_id:
        return {}
    return {
        "client_secret": "Enter the Client Secret as well: the saved one is kept only"
        " while the PowerSchool URL and the Client ID stay as they are."
    }


def _refuse_overtaken(
    form: ConnectionForm, found: Findings, known: Connection | None
) -> None:
    """Who looked at an older version may save what stands there now, nothing else."""
    if known is None or form.seen_version in {None, version_of(known)}:
        return
    is_same = {
        "url": found.origin == known.base_url,
        "client_id": found.client_id == known.client_id,
        "client_secret": _is_kept(found.client_secret, known),
        "visible_id": form.visible_id in {None, known.visible_id},
        "roster_id": form.roster_id in {None, known.roster_id},
    }
    different = [name for name, same in is_same.items() if not same]
    if different:
        raise Overtaken(different)


def _is_kept(secret: str | None, known: Connection) -> bool:
    try:
        return secret is None or secret == known.reveal_client_secret()
    except SecretUnreadable:
        return False


def _fill(
    connection: Connection,
    form: ConnectionForm,
    found: Findings,
    *,
    actor: str,
    now: datetime,
) -> None:
    is_known = connection.id is not None
    connection.client_id = found.client_id
    connection.visible_id = form.visible_id or connection.visible_id
    _note_roster_id(connection, form, found.origin, actor=actor, now=now)
    connection.powerschool_version = None
    later = connection.saved_at + timedelta(microseconds=1)
    connection.saved_at = max(now, later) if is_known else now
    if found.client_secret is not None:
        connection.client_secret_token = Connection.seal(found.client_secret)
        connection.secret_saved_at = now
        connection.secret_saved_by = actor


def _forget_health(connection: Connection, found: Findings) -> None:
    """What is saved now is not what was tested."""
    tested = (connection.base_url, connection.client_id)
    is_new_secret = found.client_secret is not None
    if is_new_secret or tested != (found.origin, found.client_id):
        connection.health, connection.health_at = "", None


def _note_roster_id(
    connection: Connection,
    form: ConnectionForm,
    origin: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Who names the kind confirms it; another PowerSchool's is not known yet."""
    if form.roster_id is not None:
        connection.roster_id = form.roster_id
        connection.roster_id_confirmed_at = now
        connection.roster_id_confirmed_by = actor
    elif connection.base_url != origin:
        connection.roster_id_confirmed_at = None
        connection.roster_id_confirmed_by = ""
    connection.base_url = origin


def _schools_of(district: District) -> ConnectionSaved:
    schools = list(
        School.select(School.name, School.mode, School.is_enabled)
        .where(School.district == district)
        .order_by(School.name)
    )
    missing = [s.name for s in schools if s.is_enabled and s.mode is None]
    return ConnectionSaved(len(schools), missing)


def resolve_anew(district: District, *, now: datetime) -> int:
    """Another server or id kind: the same numbers are other children.

    What failed today for the id goes on; return how many. A drain at work still knows
    the old ones; the raised fence keeps it from recording them, and its lease runs out
    before another begins. The caller holds the lane.
    """
    Student.update(UNKNOWN).where(Student.district == district).execute()
    (
        Lane.update(fence=Lane.fence + 1, owner=None)
        .where(Lane.district == district)
        .execute()
    )
    schools = list(with_district(School.select().where(School.district == district)))
    if not schools:
        return 0
    return requeue(
        district.id,
        Writeback.status == Status.FAILED,
        Writeback.cause.in_(_OF_THE_ID),
        happened_today(schools, now),
        now=now,
    )
