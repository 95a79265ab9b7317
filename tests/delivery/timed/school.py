"""A school that keeps attendance by time, and what stands in its PowerSchool."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.cast import NOW, Oakwood
from vmps.models import EventType
from vmps.simulator.control import Simulator

DAY = "2026-11-23"
#: Six classes of 50 minutes from 8:00, ten minutes apart.
PERIODS = [
    {
        "number": n,
        "name": f"Period {n}",
        "start": f"{7 + n:02}:00",
        "end": f"{7 + n}:50",
    }
    for n in range(1, 7)
]
#: 8:14:05 to 8:50, and five classes.
LATE = 285


def rows(simulator: Simulator, day: str = DAY) -> list[tuple[Any, ...]]:
    """Return code and minutes of the day's rows as they stand."""
    found = {row["dcid"]: row for row in simulator.journal() if row["att_date"] == day}
    return [(row["att_code"], row["total_minutes"]) for row in found.values()]


def leave(oakwood: Oakwood, hours: float = 5, **more: Any) -> int:
    """Report that the student left; return the event."""
    result = oakwood.report(
        external_id="leave",
        type=EventType.EARLY_CHECK_OUT,
        reason="Dentist",
        occurred_at=NOW + timedelta(hours=hours),
        now=NOW + timedelta(hours=hours),
        **more,
    )
    assert result.event
    return result.event
