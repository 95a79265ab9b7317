"""Prevent School Overrides: every school enabled, set up by district admins only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vmps.db import transaction
from vmps.models import AttendanceMode, AuditEntry, District, School
from vmps.services.districts import lock_district
from vmps.services.problems import Problem
from vmps.services.schools import mode_is_missing, with_district
from vmps.services.set_up_schools import (
    NotSaved,
    SetUp,
    SetUpSaved,
    apply_set_up,
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What turning it on would change, and which schools still need a mode."""

    enabled: tuple[School, ...]
    without_mode: tuple[School, ...]
    #: How many schools the district has.
    schools: int
    #: Stands for all schools as they are now: another preview's is refused.
    fingerprint: str


class Outdated(Problem):
    """Schools were added or changed after the preview was shown."""

    def __init__(self) -> None:
        super().__init__(
            "Schools were added or changed since this list was made, so nothing was"
            " saved. Check it again, then turn it on."
        )


def fingerprint_of(state: Sequence[tuple[object, ...]]) -> str:
    """Return what stands for all schools as they are."""
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()


def refuse_outdated(shown: str, current: str) -> None:
    """Refuse what was decided by an older preview."""
    if shown != current:
        raise Outdated


def preview_prevention(district: District) -> Preview:
    """Return what turning it on would do."""
    return _preview(_schools(district))


def _schools(district: District) -> list[School]:
    mine = School.select().where(School.district == district.id)
    return list(with_district(mine).order_by(School.name, School.id))


def _preview(schools: list[School]) -> Preview:
    state = sorted((s.id, s.number, s.name, s.is_enabled, s.mode) for s in schools)
    return Preview(
        enabled=tuple(school for school in schools if not school.is_enabled),
        without_mode=tuple(school for school in schools if not school.mode),
        schools=len(schools),
        fingerprint=fingerprint_of(state),
    )


def prevent_overrides(
    district_id: int,
    modes: Mapping[int, AttendanceMode],
    *,
    fingerprint: str,
    actor: str,
    now: datetime,
) -> SetUpSaved:
    """Turn it on as it was previewed; `modes` are for the schools without one."""
    with transaction():
        district = lock_district(district_id)
        if district.prevents_overrides:
            raise Problem("Prevent School Overrides is on already; nothing was saved.")
        schools = _schools(district)
        seen = _preview(schools)
        refuse_outdated(fingerprint, seen.fingerprint)
        _refuse_without_mode(seen, modes)
        _switch(district, actor, is_on=True)
        rows = [(school, _enabled(school, modes)) for school in schools]
        return apply_set_up(rows, actor=actor, now=now)


def allow_overrides(district_id: int, *, actor: str) -> None:
    """Turn it off: nothing is restored, building admins have their choice back."""
    with transaction():
        district = lock_district(district_id)
        if not district.prevents_overrides:
            raise Problem("Prevent School Overrides is off already; nothing was saved.")
        _switch(district, actor, is_on=False)


def _refuse_without_mode(preview: Preview, modes: Mapping[int, AttendanceMode]) -> None:
    missing = [school for school in preview.without_mode if school.id not in modes]
    if missing:
        rows = {school.id: mode_is_missing(school) for school in missing}
        raise NotSaved(rows, {school.id: SetUp.of(school) for school in missing})


def _enabled(school: School, modes: Mapping[int, AttendanceMode]) -> SetUp:
    old = SetUp.of(school)
    return replace(old, is_enabled=True, mode=old.mode or modes.get(school.id))


def _switch(district: District, actor: str, *, is_on: bool) -> None:
    District.update(prevents_overrides=is_on).where(
        District.id == district.id
    ).execute()
    action = "district.overrides_prevented" if is_on else "district.overrides_allowed"
    AuditEntry.note(action, actor=actor, district=district.id)
