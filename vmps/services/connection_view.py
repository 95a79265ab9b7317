"""A saved connection as people may see it: everything but the client secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vmps.models import AuditEntry, Connection, District, RosterId, VisibleId
from vmps.services.actors import name_actors
from vmps.services.connections import SAVED, version_of


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """One district's connection; `…_by` is an e-mail address, or a word."""

    url: str
    client_id: str
    visible_id: VisibleId
    roster_id: RosterId
    #: None while nobody confirmed what the roster's SIS ID is.
    roster_id_confirmed_at: datetime | None
    roster_id_confirmed_by: str
    version: str
    saved_at: datetime
    #: None for a secret from before this was written down.
    secret_saved_at: datetime | None
    secret_saved_by: str


def is_connected(district_id: int) -> bool:
    """Tell whether somebody saved the district's connection."""
    mine = Connection.select().where(Connection.district == district_id)
    return bool(mine.exists())


def view_connection(district: District) -> ConnectionView | None:
    """Return the district's connection, None while nobody saved one."""
    connection = Connection.get_or_none(Connection.district == district)
    if connection is None:
        return None
    keeper, confirmer = connection.secret_saved_by, connection.roster_id_confirmed_by
    names = name_actors([keeper, confirmer])
    return ConnectionView(
        url=connection.base_url,
        client_id=connection.client_id,
        visible_id=VisibleId(connection.visible_id),
        roster_id=RosterId(connection.roster_id),
        roster_id_confirmed_at=connection.roster_id_confirmed_at,
        roster_id_confirmed_by=names[confirmer],
        version=version_of(connection),
        saved_at=connection.saved_at,
        secret_saved_at=connection.secret_saved_at,
        secret_saved_by=names[keeper],
    )


def find_last_saver(district: District) -> str:
    """Return who saved the connection last, as people read it."""
    saves = AuditEntry.select(AuditEntry.actor).where(
        AuditEntry.district == district, AuditEntry.action == SAVED
    )
    last = saves.order_by(AuditEntry.id.desc()).first()
    actor = last.actor if last else "somebody"
    return name_actors([actor])[actor]
