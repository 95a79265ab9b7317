"""Prevent School Overrides of tardy settings: only district admins set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vmps.db import transaction
from vmps.models import AuditEntry, District, School
from vmps.services.districts import lock_district
from vmps.services.prevent_overrides import fingerprint_of, refuse_outdated
from vmps.services.problems import Problem
from vmps.services.schools import with_district
from vmps.services.tardies import TardySettings


@dataclass(frozen=True, slots=True)
class TardyPreview:
    """What the schools have, which only district admins will change from then on."""

    rows: Sequence[tuple[School, TardySettings]]
    #: Stands for all schools as they are now: another preview's is refused.
    fingerprint: str

    @property
    def without(self) -> list[School]:
        """Return the schools of which nothing is set: nobody there can set it then."""
        return [school for school, found in self.rows if found == TardySettings()]


def preview_tardy_prevention(district_id: int) -> TardyPreview:
    """Return what turning it on would fix as it is."""
    mine = School.select().where(School.district == district_id)
    schools = with_district(mine).order_by(School.name, School.id)
    rows = [(school, TardySettings.of(school)) for school in schools]
    state = [(s.id, s.name, *found.words()) for s, found in rows]
    return TardyPreview(rows, fingerprint_of(state))


def prevent_tardy_overrides(
    district_id: int, *, fingerprint: str, actor: str
) -> TardyPreview:
    """Turn it on as it was previewed; no school's settings change by that."""
    with transaction():
        district = lock_district(district_id)
        if district.prevents_tardy_overrides:
            raise Problem("It is on already; nothing was saved.")
        seen = preview_tardy_prevention(district_id)
        refuse_outdated(fingerprint, seen.fingerprint)
        _switch(district, actor, is_on=True)
    return seen


def allow_tardy_overrides(district_id: int, *, actor: str) -> None:
    """Turn it off: building admins set their schools' again, nothing else changes."""
    with transaction():
        district = lock_district(district_id)
        if not district.prevents_tardy_overrides:
            raise Problem("It is off already; nothing was saved.")
        _switch(district, actor, is_on=False)


def _switch(district: District, actor: str, *, is_on: bool) -> None:
    District.update(prevents_tardy_overrides=is_on).where(
        District.id == district.id
    ).execute()
    done = "prevented" if is_on else "allowed"
    action = f"district.tardy_overrides_{done}"
    AuditEntry.note(action, actor=actor, district=district.id)
