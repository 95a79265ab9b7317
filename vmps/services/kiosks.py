"""Kiosks: adding one, rotating its secret, switching it off and on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_bytes, token_urlsafe

from vmps.db import transaction
from vmps.models import (
    AuditEntry,
    Connection,
    District,
    Kiosk,
    KioskSchool,
    School,
    VisibleId,
)
from vmps.services.problems import Missing, Problem


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A kiosk's webhook secret, readable only now."""

    public_id: str
    secret: str = field(repr=False)


def add_kiosk(
    district: District,
    schools: Sequence[School],
    name: str,
    *,
    id_kind: VisibleId | None,
    actor: str,
) -> NewSecret:
    """Add a kiosk for these schools; its id kind is fixed from now on."""
    name = name.strip()
    if not name or not schools:
        raise Problem("A kiosk needs a name and at least one school.")
    made = NewSecret(f"ksk_{token_urlsafe(24)}", _new_secret())
    with transaction():
        kiosk = Kiosk.create(
            district=district,
            public_id=made.public_id,
            name=name,
            id_kind=id_kind or _visible_id(district),
            secret_token=Kiosk.seal(made.secret),
        )
        school_ids = sorted({school.id for school in schools})
        for school_id in school_ids:
            KioskSchool.insert(kiosk=kiosk.id, school=school_id).execute()
        AuditEntry.note(
            "kiosk.added",
            actor=actor,
            district=district.id,
            kiosk=kiosk.id,
            schools=school_ids,
        )
    return made


def rotate_kiosk(
    public_id: str, *, keep_hours: float, actor: str, now: datetime
) -> NewSecret:
    """Give the kiosk a new secret; the old one stays good for `keep_hours`."""
    made = NewSecret(public_id, _new_secret())
    with transaction():
        kiosk = find_kiosk(public_id)
        kiosk.previous_secret_token = kiosk.secret_token if keep_hours else None
        kiosk.previous_until = now + timedelta(hours=keep_hours) if keep_hours else None
        kiosk.secret_token = Kiosk.seal(made.secret)
        kiosk.save()
        _note("kiosk.rotated", kiosk, actor=actor)
    return made


def switch_kiosk(public_id: str, *, is_disabled: bool, actor: str) -> None:
    """Disable a kiosk, or enable it again."""
    with transaction():
        kiosk = find_kiosk(public_id)
        if kiosk.is_disabled == is_disabled:
            return
        kiosk.is_disabled = is_disabled
        kiosk.save()
        action = "kiosk.disabled" if is_disabled else "kiosk.enabled"
        _note(action, kiosk, actor=actor)


def find_kiosk(public_id: str) -> Kiosk:
    """Return the kiosk with this `ksk_…` id."""
    kiosk = Kiosk.get_or_none(Kiosk.public_id == public_id)
    if kiosk is None:
        raise Missing(f"There is no kiosk {public_id}: `kiosks list` shows them.")
    return kiosk


def _new_secret() -> str:
    """Return a Standard Webhooks secret of 32 random bytes."""
    return f"whsec_{b64encode(token_bytes(32)).decode()}"


def _visible_id(district: District) -> str:
    connection = Connection.get_or_none(Connection.district == district)
    return connection.visible_id if connection else VisibleId.SIS_ID.value


def _note(action: str, kiosk: Kiosk, *, actor: str) -> None:
    AuditEntry.note(action, actor=actor, district=kiosk.district.id, kiosk=kiosk.id)
