"""Districts: adding one with its lane, finding one, checking a time zone."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from vmps.db import is_sqlite, transaction
from vmps.models import AuditEntry, District, Lane
from vmps.services.problems import Missing, Problem


def add_district(name: str, timezone: str, *, actor: str) -> int:
    """Add a district and the lane of its deliveries; return its id."""
    name = name.strip()
    if not name or name.isdecimal():
        raise Problem("A district's name must hold letters: ids are numbers.")
    check_timezone(timezone)
    with transaction():
        if District.get_or_none(District.name == name):
            raise Problem(f"There is a district named {name} already.")
        district = District.create(name=name, timezone=timezone)
        Lane.insert(district=district.id).execute()
        AuditEntry.note("district.added", actor=actor, district=district.id)
    return int(district.id)


def find_district(text: str) -> District:
    """Return the district with this id or exact name."""
    district = None
    if text.isdecimal():
        district = District.get_or_none(District.id == int(text))
    district = district or District.get_or_none(District.name == text)
    if district is None:
        raise Missing(f"There is no district {text}: `districts list` shows them.")
    return district


def lock_district(district_id: int) -> District:
    """Return the district; until the commit nobody else changes its schools' set-up.

    On SQLite the transaction itself sees to that.
    """
    query = District.select().where(District.id == district_id)
    if not is_sqlite():
        # Not FOR UPDATE: a kiosk's event refers to this row and must not wait.
        lock: Any = "FOR NO KEY UPDATE"  # the stubs know only True
        query = query.for_update(lock)
    return query.get()


def check_timezone(name: str) -> None:
    """Refuse what is not an IANA time zone, with the nearest that is."""
    zones = available_timezones()
    if name in zones:
        return
    near = get_close_matches(name, zones, n=1)
    hint = f" Did you mean {near[0]}?" if near else " Example: America/Chicago."
    raise Problem(f"{name} is not an IANA time zone.{hint}")
