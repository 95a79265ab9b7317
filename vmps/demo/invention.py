"""What a simulator holds and what the roster says: alike, but for a few students."""

# The differences are there on purpose: each makes failures that a visitor can mend.

from __future__ import annotations

import json
from datetime import date
from typing import Any

from vmps.demo.districts import DemoDistrict
from vmps.demo.folder import DistrictFolder, write_whole
from vmps.demo.school_days import closed_day, school_days_before
from vmps.models import AttendanceMode
from vmps.simulator.invent import invent_district
from vmps.simulator.invent_classes import invent_periods

#: Places in the seed's list of students. Two whose SIS IDs the roster mixes up:
MIXED_UP = (10, 20)
#: One who left the school, which the roster does not know yet:
LEFT = 30
_TRANSFERRED = 2  # STUDENTS.ENROLL_STATUS

#: One of the roster whom PowerSchool does not know.
NEWCOMER = {
    "sis_id": 990_001,
    "student_number": 990_001,
    "first_name": "Ilse",
    "last_name": "Brandt",
    "grade": "9",
}


def keep_seed(plan: DemoDistrict, folder: DistrictFolder, today: date) -> Any:
    """Return what the district's simulator is seeded with: the same at every start."""
    if not folder.seed.exists():
        folder.simulator.mkdir(parents=True, exist_ok=True)
        write_whole(folder.seed, json.dumps(invent(plan, today)))
    return json.loads(folder.seed.read_text())


def invent(plan: DemoDistrict, today: date) -> dict[str, Any]:
    """Make the seed of a district's PowerSchool; weekends are in session, for demos."""
    seed = invent_district(
        len(plan.schools),
        plan.students_per_school,
        plan.random_seed,
        has_weekends_in_session=True,
        timezone=plan.timezone,
        named=[(school.name, school.grades) for school in plan.schools],
        first_school_number=plan.first_school_number,
        modes=[school.recorded_mode.value for school in plan.schools],
    )
    for school in seed["schools"]:
        if school.get("attendance_mode") == AttendanceMode.TIME:
            school["periods"] = invent_periods()
    days = school_days_before(today)
    seed["schools"][0]["not_in_session"] = [closed_day(days).isoformat()]
    seed["students"][LEFT] |= {
        "enroll_status": _TRANSFERRED,
        "exitdate": days[0].isoformat(),
    }
    return seed


def roster_of(seed: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of the roster's file; its SIS ID is PowerSchool's DCID."""
    lines = [_roster_line(student) for student in seed["students"]]
    one, other = (lines[place] for place in MIXED_UP)
    one["sis_id"], other["sis_id"] = other["sis_id"], one["sis_id"]
    school_number = seed["schools"][0]["number"]
    return [NEWCOMER | {"school_number": school_number}, *lines]


def _roster_line(student: dict[str, Any]) -> dict[str, Any]:
    return {
        "school_number": student["school_number"],
        "sis_id": student["dcid"],
        "student_number": student["student_number"],
        "first_name": student["first_name"],
        "last_name": student["last_name"],
        "grade": student["grade_level"] or "K",
    }
