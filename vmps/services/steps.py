"""The steps of a connection test: how each went, and its fix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class StepStatus(StrEnum):
    """How one step went; a warning does not stop deliveries."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain from us to the district's attendance."""

    name: str
    status: StepStatus
    message: str
    fix: str = ""


def ok(name: str, message: str) -> Step:
    """Return a step that went well."""
    return Step(name, StepStatus.OK, message)


def compare_zones(ours: str, theirs: str | None, now: datetime) -> Step:
    """Same clock, by whatever name, in winter and in summer."""
    try:
        zones = (ZoneInfo(ours), ZoneInfo(theirs or ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ok("time zone", f"{ours}; PowerSchool names none that is known")
    moments = [now.replace(month=month, day=1) for month in (1, 7)]
    if all(len({m.astimezone(z).utcoffset() for z in zones}) == 1 for m in moments):
        return ok("time zone", ours)
    return Step(
        "time zone",
        StepStatus.WARNING,
        f"PowerSchool's is {theirs}, the district's is {ours}",
        "Make them the same, or times and dates in PowerSchool will be off.",
    )
