"""The school of the situations: the same classes and people in every mode."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from tests.cast import OAKWOOD_SEED, Oakwood, make_oakwood
from tests.modes.situation import (
    DOCTOR,
    DOUBLED,
    DROPPED,
    HALF_DAY,
    LEFT,
    MONDAY,
    MOVED,
    ONE_BY_INTERVAL,
    OUTDATED,
    WRONG,
    Bell,
)
from vmps.models import EventType, Reason, School, Student

SCHOOL, OTHER_SCHOOL = 1817, 1818
BELLS = [("8:05", "8:50"), ("8:55", "9:40"), ("9:45", "10:30"), ("10:35", "11:20")]
#: So many of them are held on a half day.
HALF = 3
INTERVAL_MINUTES = 15
_STUDENTS: list[dict[str, Any]] = OAKWOOD_SEED["students"][:7]
_IDS: list[int] = [student["id"] for student in _STUDENTS]


def seed_of(mode: str, bells: Sequence[Bell] = BELLS) -> dict[str, Any]:
    """Return the simulator's seed: one school in this mode, and another."""
    excused = {"att_code": "TE", "description": "Excused", "presence": "Present"}
    school = copy.deepcopy(OAKWOOD_SEED["schools"][0])
    school["codes"].append(excused)
    other = copy.deepcopy(school) | {"number": str(OTHER_SCHOOL), "name": "Oakwood Two"}
    return OAKWOOD_SEED | {
        "schools": [school | _schedule(mode, bells), other],
        "students": [
            dict(row) | _special(place) for place, row in enumerate(_STUDENTS)
        ],
    }


def _special(place: int) -> dict[str, Any]:
    if place == MOVED:
        return {"school_number": str(OTHER_SCHOOL)}
    return {"exitdate": MONDAY} if place == LEFT else {}


def _schedule(mode: str, bells: Sequence[Bell]) -> dict[str, Any]:
    return {
        "attendance_mode": mode,
        "periods": _periods(bells),
        "half_days": [HALF_DAY],
        "half_day_periods": _periods(bells[:HALF]),
        "cycle_days": ["A", "B"],
        "interval_minutes": INTERVAL_MINUTES,
        "sections": list(_sections()) if mode in {"meeting", "interval"} else [],
    }


def _periods(bells: Sequence[Bell]) -> list[dict[str, Any]]:
    return [
        {"number": number, "start": starts, "end": ends}
        for number, (starts, ends) in enumerate(bells, start=1)
    ]


def _sections() -> list[dict[str, Any]]:
    """The third class is another one on A and on B days; some people have specials."""
    dropped = {"id": _IDS[DROPPED], "dropped": True}
    lab = {"mode": "interval", "students": [_IDS[ONE_BY_INTERVAL]]}
    return [
        _section("ENG", "1(A-B)"),
        _section("MATH", "2(A-B)", DROPPED),
        _section("OLD", "2(A-B)", students=[dropped]),
        _section("SCI", "3(B)"),
        _section("ART", "4(A-B)", ONE_BY_INTERVAL),
        _section("MUS", "4(A-B)", students=[_IDS[DOUBLED]]),
        _section("LAB", "4(A-B)", **lab),
    ]


def _section(course: str, expression: str, *without: int, **more: Any) -> Any:
    students = [i for place, i in enumerate(_IDS) if place not in without]
    found = {"course_number": course, "expression": expression, "students": students}
    return found | more


def make_place(base_url: str, mode: str, **school: Any) -> Oakwood:
    """Make our side of it, with these columns of the school."""
    oakwood = make_oakwood(base_url, seed_of(mode))
    given = {"replaceable_codes": '["A"]', "protected_codes": '["S"]'} | school
    ours = "meeting" if mode == "interval" else mode
    School.update(mode=ours, **given).execute()
    somebody_else = {"first_name": "Anna", "last_name": "Novak"}
    of_wrong = Student.id == oakwood.students[WRONG].id
    Student.update(somebody_else).where(of_wrong).execute()
    for kind in EventType:
        Reason.create(school=oakwood.school, type=kind, label=OUTDATED, code="Z")
    Reason.create(
        school=oakwood.school, type=EventType.LATE_CHECK_IN, label=DOCTOR, code="TE"
    )
    return oakwood
