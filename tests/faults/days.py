"""A school's day in each attendance mode, and what an event leaves there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vmps.simulator.control import Simulator

#: The kiosk's events happen in the second of these periods.
BELLS = [("7:00", "7:45"), ("7:50", "8:35"), ("8:40", "9:25")]
MINUTES = 45
#: Meeting mode: what stands for the classes that a late check-in missed.
MISSED = "A"
#: By the code of the event's own period, the codes of the day's periods.
CLASSES = {
    "T": {"1": MISSED, "2": "T"},
    "ED": {"2": "ED", "3": "ED"},
}
#: What there is one of a day: the day itself, but in Meeting mode each period.
DAY = ""


def schedule_of(mode: str, students: Sequence[int]) -> dict[str, Any]:
    """Return what a simulator's school needs beside its codes to record in a mode."""
    if mode == "daily":
        return {}
    periods = [
        {"number": number, "start": starts, "end": ends}
        for number, (starts, ends) in enumerate(BELLS, start=1)
    ]
    sections = [
        {"expression": f"{number}(A)", "students": list(students)}
        for number, _ in enumerate(BELLS, start=1)
    ]
    return {"attendance_mode": mode, "periods": periods, "sections": sections}


def codes_of(mode: str, code: str) -> Mapping[str, str]:
    """Return the codes that an event leaves, by place."""
    return CLASSES[code] if mode == "meeting" else {DAY: code}


def place_of(simulator: Simulator, change: Mapping[str, Any]) -> str:
    """Return which period of the student a row is of; the day where it is of none."""
    if not change["ccid"]:
        return DAY
    meetings = simulator.meetings(change["studentid"], change["att_date"])
    places = {(m["ccid"], m["periodid"]): str(m["period_number"]) for m in meetings}
    return places[change["ccid"], change["periodid"]]


def minutes_of(code: str, seconds: int) -> int:
    """Return the minutes attended of who came or left so late in the second period."""
    # The second period began ten minutes before the kiosk's first event.
    there = 10 * 60 + seconds
    attended = MINUTES * 60 - there if code == "T" else there
    return MINUTES + attended // 60
