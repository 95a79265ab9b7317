"""Which claimed units need no call to PowerSchool at all, and how those end."""

from __future__ import annotations

from vmps.models import Cause, Outcome
from vmps.services.plan import Verdict
from vmps.services.workload import Unit


def triage(unit: Unit) -> dict[int, Verdict] | None:
    """Return a verdict for every event, or None where PowerSchool must be read.

    A unit whose last try is ambiguous is always read first.
    """
    verdict = _verdict(unit)
    if verdict is None:
        return None
    return {event.id: verdict for event in unit.events}


def _verdict(unit: Unit) -> Verdict | None:
    if unit.is_ambiguous:
        return None
    school = unit.school
    if not school.is_enabled:
        return Verdict(Outcome.NOT_SENT, Cause.SCHOOL_DISABLED)
    if school.mode is None:
        return Verdict(Outcome.REFUSED, Cause.NO_MODE)
    if not school.mode.is_built:
        return Verdict(Outcome.WAITS, Cause.MODE_NOT_BUILT, school.mode.value)
    return None
