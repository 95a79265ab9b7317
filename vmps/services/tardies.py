"""Tardy settings: a school's Late Check-in Time and Tardy Alert Threshold."""

# Neither decides what is sent. The time tells which check-ins count as late; the
# threshold, how many of them in a school year call for attention.

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from vmps.db import transaction
from vmps.models import AuditEntry, District, School, User
from vmps.services.actors import actor_of, name_actors
from vmps.services.districts import lock_district
from vmps.services.overtaken import say_overtaken
from vmps.services.problems import Problem
from vmps.services.schools import find_own_schools
from vmps.words import say_time

LARGEST_THRESHOLD = 365
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?", re.I | re.ASCII)


@dataclass(frozen=True, slots=True)
class TardySettings:
    """What is set at one school; None where it is not."""

    late_time: time | None = None
    threshold: int | None = None

    @classmethod
    def of(cls, school: School) -> TardySettings:
        """Return what the school has."""
        text = school.late_check_in_time
        late_time = time.fromisoformat(text) if text else None
        return cls(late_time, school.tardy_alert_threshold)

    def columns(self) -> dict[str, object]:
        """Return the school's columns."""
        late = self.late_time
        return {
            "late_check_in_time": late and late.isoformat("minutes"),
            "tardy_alert_threshold": self.threshold,
        }

    def words(self) -> list[str]:
        """Return what people read for each value."""
        times = say_time(self.late_time) if self.late_time else "no time"
        return [times, str(self.threshold) if self.threshold else "no threshold"]


@dataclass(frozen=True, slots=True)
class TardyChoice:
    """What a person wants for one school, who saw it set as `loaded`."""

    school_id: int
    loaded: TardySettings
    wanted: TardySettings

    @property
    def is_changed(self) -> bool:
        """Tell whether the person changed anything."""
        return self.wanted != self.loaded


class TardiesRefused(Problem):
    """Nothing was saved; one sentence for each school that is in the way."""

    def __init__(
        self, rows: Mapping[int, str], found: Mapping[int, TardySettings] | None = None
    ) -> None:
        super().__init__("Nothing was saved.", details=tuple(rows.values()))
        self.rows = dict(rows)
        #: How each school that was to change is set now.
        self.found = dict(found or {})


def parse_time(text: str) -> time | None:
    """Read `8:10`, `08:10`, `8:10 AM` or `13:05`; empty is None."""
    text = text.strip()
    if not text:
        return None
    match = _TIME.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise Problem(_no_time(text))
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise Problem(_no_time(text))
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)


def _no_time(text: str) -> str:
    return f"“{text[:20]}” is no time of day. Write it like 8:10 AM or 13:05."


def parse_threshold(text: str) -> int | None:
    """Read a whole number from 1 on; empty is None."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 4:
        raise Problem(_NO_THRESHOLD)
    if not 1 <= int(text) <= LARGEST_THRESHOLD:
        raise Problem(_NO_THRESHOLD)
    return int(text)


_NO_THRESHOLD = f"The threshold is a whole number from 1 to {LARGEST_THRESHOLD}."


def refuse_tardy_overriding(user: User, district: District) -> None:
    """Refuse a building admin's changes while the district prevents them."""
    if district.prevents_tardy_overrides and not user.is_district_admin:
        raise Problem(
            f"{district.name} has Prevent School Overrides on for tardy settings: only"
            " a District Admin changes them. Nothing was changed."
        )


def save_tardies(user: User, choices: Iterable[TardyChoice], *, now: datetime) -> int:
    """Save the changed ones, all or none; return how many schools that were."""
    changed = [choice for choice in choices if choice.is_changed]
    with transaction():
        district = lock_district(user.district_id)
        refuse_tardy_overriding(user, district)
        mine = find_own_schools(user, [choice.school_id for choice in changed])
        rows = [(mine[choice.school_id], choice) for choice in changed]
        found = {school.id: TardySettings.of(school) for school, _ in rows}
        said = {s.id: text for s, c in rows if (text := _overtaken(s, c, now))}
        if said:
            raise TardiesRefused(said, found)
        for school, choice in rows:
            if choice.wanted != found[school.id]:
                _store(school, choice.wanted, actor_of(user), now)
    return len(changed)


def set_tardies(
    school: School,
    *,
    late_time: str | None,
    threshold: str | None,
    actor: str,
    now: datetime,
) -> TardySettings:
    """Set one school as the operator: None leaves as it is, an empty text takes off."""
    if late_time is None and threshold is None:
        raise Problem("Say what to set: `schools tardies --help` lists it.")
    with transaction():
        lock_district(school.district_id)
        current = TardySettings.of(School.get_by_id(school.id))
        wanted = TardySettings(
            current.late_time if late_time is None else parse_time(late_time),
            current.threshold if threshold is None else parse_threshold(threshold),
        )
        if wanted != current:
            _store(school, wanted, actor, now)
    return wanted


def _overtaken(school: School, choice: TardyChoice, now: datetime) -> str:
    """Say what somebody else changed while the person had the page open."""
    current = TardySettings.of(school)
    if current in {choice.loaded, choice.wanted}:
        return ""
    by = school.tardy_saved_by
    return say_overtaken(
        school,
        list(zip(choice.loaded.words(), current.words(), strict=True)),
        by=name_actors([by])[by] if by else "",
        at=school.tardy_saved_at,
        now=now,
    )


def _store(school: School, wanted: TardySettings, actor: str, now: datetime) -> None:
    columns = wanted.columns()
    saved = {"tardy_saved_at": now, "tardy_saved_by": actor}
    School.update(columns | saved).where(School.id == school.id).execute()
    AuditEntry.note(
        "school.tardies_set",
        actor=actor,
        district=school.district_id,
        school=school.id,
        **columns,
    )
