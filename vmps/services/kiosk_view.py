"""What a web process remembers of a kiosk for a few seconds, instead of asking."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from vmps.db import UNAVAILABLE, drop_connection, tuples
from vmps.models import District, Kiosk, KioskSchool, School


@dataclass(frozen=True, slots=True)
class SchoolZone:
    """A school as the kiosk's path needs it."""

    id: int
    number: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class KioskView:
    """A kiosk as the kiosk's path needs it; never stored, logged or shown."""

    id: int
    public_id: str
    district_id: int
    id_kind: str
    is_disabled: bool
    secrets: tuple[tuple[str, datetime | None], ...]
    schools: Mapping[str, SchoolZone]

    def __repr__(self) -> str:
        return f"KioskView({self.public_id})"

    def live_secrets(self, now: datetime) -> list[str]:
        """Return the secrets that are good now: the newest, and the one before."""
        return [secret for secret, until in self.secrets if not until or now < until]


class KioskViews:
    """Kiosks by their public id, read again after a while."""

    def __init__(self, keep_seconds: float) -> None:
        self._keep_seconds = keep_seconds
        self._views: dict[str, tuple[float, KioskView]] = {}
        self._lock = threading.Lock()

    def find(self, public_id: str) -> KioskView | None:
        """Return the kiosk, at most some seconds old; unknown ones are not kept."""
        if not public_id.isprintable():
            return None  # PostgreSQL refuses text with a NUL
        now = time.monotonic()
        known = self._views.get(public_id)
        if known and now - known[0] < self._keep_seconds:
            return known[1]
        view = _read_afresh(public_id)
        with self._lock:
            if view is None:
                self._views.pop(public_id, None)
            else:
                self._views[public_id] = (now, view)
        return view


def _read_afresh(public_id: str) -> KioskView | None:
    try:
        return _read(public_id)
    except UNAVAILABLE:
        drop_connection()  # it may have died while idle: once more on a new one
        return _read(public_id)


def _read(public_id: str) -> KioskView | None:
    kiosk = Kiosk.get_or_none(Kiosk.public_id == public_id)
    if kiosk is None:
        return None
    secrets: list[tuple[str, datetime | None]] = [
        (Kiosk.reveal(kiosk.secret_token), None)
    ]
    if kiosk.previous_secret_token:
        previous = Kiosk.reveal(kiosk.previous_secret_token)
        secrets.append((previous, kiosk.previous_until))
    return KioskView(
        id=kiosk.id,
        public_id=public_id,
        district_id=kiosk.district_id,
        id_kind=kiosk.id_kind,
        is_disabled=kiosk.is_disabled,
        secrets=tuple(secrets),
        schools=_schools(kiosk.id),
    )


def _schools(kiosk_id: int) -> dict[str, SchoolZone]:
    rows = tuples(
        School.select(School.id, School.number, School.timezone, District.timezone)
        .join(KioskSchool, on=(KioskSchool.school == School.id))
        .join(District, on=(District.id == School.district))
        .where(KioskSchool.kiosk == kiosk_id)
    )
    return {
        row[1]: SchoolZone(row[0], row[1], ZoneInfo(row[2] or row[3])) for row in rows
    }
