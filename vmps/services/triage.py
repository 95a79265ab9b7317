"""Which claimed units need no call to PowerSchool at all, and how those end."""

from __future__ import annotations

from vmps.models import Cause, Outcome
from vmps.services.planning.day import Verdict
from vmps.services.workload import SchoolView, Unit


def triage(unit: Unit) -> dict[int, Verdict] | None:
    """Return a verdict for every event, or None where PowerSchool must be read.

    A unit whose last try is ambiguous is always read first.
    """
    if unit.is_ambiguous:
        return None
    gone = Verdict(Outcome.VOIDED, Cause.VOIDED)
    is_untouched = not unit.ours
    if is_untouched and all(event.is_void for event in unit.events):
        return {event.id: gone for event in unit.events}
    verdict = why_not_written(unit.school)
    if verdict is None:
        return None
    return {
        event.id: gone if event.is_void and is_untouched else verdict
        for event in unit.events
    }


def why_not_written(school: SchoolView) -> Verdict | None:
    """Return what the school's own settings say against any write, or None."""
    if not school.is_enabled:
        return Verdict(Outcome.NOT_SENT, Cause.SCHOOL_DISABLED)
    if school.mode is None:
        return Verdict(Outcome.REFUSED, Cause.NO_MODE)
    return None
