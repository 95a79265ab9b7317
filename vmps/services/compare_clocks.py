"""PowerSchool's time beside ours: the zone it counts in, and its clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vmps.services.step_faults import StepFault, fault
from vmps.services.steps import Step, StepName, ok

#: Two clocks that are further apart put times into the wrong minute.
SKEW_SECONDS = 60


def compare_clocks(skew_seconds: float | None) -> Step:
    """Compare moments; the skew is positive where PowerSchool's clock is ahead."""
    if skew_seconds is None:
        return ok(StepName.CLOCK, "PowerSchool does not tell its time")
    if abs(skew_seconds) <= SKEW_SECONDS:
        return ok(StepName.CLOCK, "agrees with ours")
    side = "ahead of" if skew_seconds > 0 else "behind"
    minutes = f"{abs(skew_seconds) / 60:.0f}"
    return fault(StepFault.CLOCKS_DIFFER, minutes=minutes, side=side)


def compare_zones(ours: str, theirs: str | None, now: datetime) -> Step:
    """Same clock, by whatever name, in winter and in summer."""
    try:
        zones = (ZoneInfo(ours), ZoneInfo(theirs or ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ok(StepName.TIME_ZONE, f"{ours}; PowerSchool names none that is known")
    moments = [now.replace(month=month, day=1) for month in (1, 7)]
    if all(len({m.astimezone(z).utcoffset() for z in zones}) == 1 for m in moments):
        return ok(StepName.TIME_ZONE, ours)
    return fault(StepFault.ZONES_DIFFER, theirs=theirs, ours=ours)
