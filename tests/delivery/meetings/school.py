"""Oakwood as a school that takes attendance by meeting: its day, and helpers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.cast import OAKWOOD_SEED, Oakwood
from tests.planning.days import CHICAGO
from vmps.models import EventType
from vmps.simulator.control import Simulator

EVERYBODY = [student["id"] for student in OAKWOOD_SEED["students"]]
TODAY, TOMORROW = "2026-11-23", "2026-11-24"
HALF_DAY = "2026-11-25"
#: The third student dropped a class, the second has two at once, the fourth's last one
#: is taken by interval.
DOUBLED, DROPPED, BY_INTERVAL = 1, 2, 3
BELLS = [("8:05", "8:50"), ("8:55", "9:40"), ("9:45", "10:30"), ("10:35", "11:20")]


def _section(
    course: str, expression: str, *without: int, **more: Any
) -> dict[str, Any]:
    students: list[Any] = [i for i in EVERYBODY if i - EVERYBODY[0] not in without]
    return {
        "course_number": course,
        "expression": expression,
        "students": students,
    } | more


def _periods(bells: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"number": number, "start": starts, "end": ends}
        for number, (starts, ends) in enumerate(bells, start=1)
    ]


MEETING_SEED: dict[str, Any] = OAKWOOD_SEED | {
    "schools": [
        OAKWOOD_SEED["schools"][0]
        | {
            "attendance_mode": "meeting",
            "periods": _periods(BELLS),
            "half_days": [HALF_DAY],
            "half_day_periods": _periods(BELLS[:2]),
            "cycle_days": ["A", "B"],
            "interval_minutes": 15,
            "sections": [
                _section("ENG", "1(A-B)"),
                _section("MATH", "2(A-B)", DROPPED),
                _section("SCI", "3(A)"),
                _section("HIST", "3(B)"),
                _section("ART", "4(A-B)", BY_INTERVAL),
                _section("OLD", "2(A-B)", students=[
                    {"id": EVERYBODY[DROPPED], "dropped": True}
                ]),
                _section("MUS", "4(A-B)", students=[EVERYBODY[DOUBLED]]),
                _section("LAB", "4(A-B)", students=[EVERYBODY[BY_INTERVAL]],
                         mode="interval"),
            ],
        }
    ]
}  # fmt: skip


def at(clock: str, day: str = TODAY) -> datetime:
    """Return a time of the school's clock."""
    return datetime.fromisoformat(f"{day}T{clock:0>5}:00").replace(tzinfo=CHICAGO)


def arrive(oakwood: Oakwood, clock: str, student: int = 0, **more: Any) -> int:
    """Report a late check-in; return the event's id."""
    return _report(oakwood, clock, student, **more)


def leave(oakwood: Oakwood, clock: str, student: int = 0, **more: Any) -> int:
    """Report an early check-out; return the event's id."""
    given = {"type": EventType.EARLY_CHECK_OUT, "reason": "Dentist"} | more
    return _report(oakwood, clock, student, **given)


def _report(
    oakwood: Oakwood, clock: str, student: int, day: str = TODAY, **more: Any
) -> int:
    given: dict[str, Any] = {
        "occurred_at": at(clock, day),
        "external_id": f"{student} {day} {clock} {more.get('type')}",
    }
    event = oakwood.report(student, **(given | more)).event
    assert event
    return event


def held(simulator: Simulator, student: int = 0, day: str = TODAY) -> dict[str, str]:
    """Return the codes of a student's day by period, as `P3` or `P4/2`; "" is blank."""
    number = EVERYBODY[student]
    names = {
        (m["ccid"], m["periodid"], m["att_interval"]): _name(m)
        for m in simulator.meetings(number, day)
    }
    rows = [
        row for row in simulator.attendance(att_date=day) if row["studentid"] == number
    ]
    found = {
        names.get((row["ccid"], row["periodid"], row.get("att_interval") or 0), "?"):
        row["written_code"] or ""
        for row in rows
    }  # fmt: skip
    assert len(found) == len(rows)
    return dict(sorted(found.items()))


def _name(meeting: dict[str, Any]) -> str:
    interval = meeting["att_interval"]
    name = f"P{meeting['period_number']}"
    return f"{name}/{interval}" if interval else name


def mark(  # noqa: PLR0913 a clerk's cell
    simulator: Simulator,
    period: int,
    code: str | None,
    *,
    student: int = 0,
    day: str = TODAY,
    comment: str | None = None,
) -> None:
    """Let a clerk mark a student's meeting."""
    number = EVERYBODY[student]
    meeting = next(
        m for m in simulator.meetings(number, day) if m["period_number"] == period
    )
    simulator.put_attendance(
        number,
        1817,
        day,
        code,
        att_comment=comment,
        att_mode_code=meeting["att_mode_code"],
        ccid=meeting["ccid"],
        periodid=meeting["periodid"],
        att_interval=meeting["att_interval"],
    )
