"""What a day was made of, in figures."""

from __future__ import annotations

from collections import Counter

from tests.replay.day import Day
from vmps.models import Attempt, Outcome, Writeback


def count_day(day: Day) -> dict[str, object]:
    """Return the figures of a day that was played."""
    journal = day.simulator.journal()
    ambiguous = Attempt.select().where(Attempt.outcome == Outcome.AMBIGUOUS).count()
    return {
        "schools": dict(Counter(place.mode for place in day.town.places)),
        "events": len(day.accepted),
        "voids and corrections": len(day.script.changes),
        "writebacks": dict(Counter(row.status for row in Writeback.select())),
        "rows we wrote": sum(row["by"] == "plugin" for row in journal),
        "rows clerks wrote": sum(row["by"] != "plugin" for row in journal),
        "calls that went wrong": day.faults_fired,
        "attempts whose end was not known": ambiguous,
        "calls": sum(day.simulator.calls().values()),
    }
