"""Districts under test: their rows in our database, their seed in a simulator."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.cast import OAKWOOD_SEED, make_district, make_kiosk, make_school
from tests.faults.days import MISSED, schedule_of
from vmps.db import transaction
from vmps.models import Connection, Student
from vmps.simulator.control import Simulator

ZONE = "America/Chicago"
SCHOOL = "1817"
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Home:
    """One district: who its students are here (SIS ID) and there (STUDENTS.ID)."""

    district_id: int
    kiosk_id: str
    simulator: Simulator
    ps_ids: dict[str, int]
    mode: str = "daily"

    @property
    def sis_ids(self) -> list[str]:
        """Return the students' SIS IDs, in the seed's order."""
        return list(self.ps_ids)


def make_home(
    simulator: Simulator,
    *,
    students: int,
    name: str = "Oakwood",
    mode: str = "daily",
    **more: Any,
) -> Home:
    """Seed the simulator and make the same district on our side."""
    seed = _seed(students, mode, more)
    simulator.seed(seed)
    with transaction():
        district = make_district(name, ZONE)
        Connection.create(
            district=district,
            base_url=simulator.url,
            client_id=seed["client_id"],
            client_secret_token=Connection.seal(seed["client_secret"]),
        )
        school = make_school(district, SCHOOL, mode=mode, missed_code=MISSED)
        kiosk = make_kiosk(district, [school], f"ksk_{name.lower()}")
        rows = [_student(row, district.id, school.id) for row in seed["students"]]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            Student.insert_many(rows[start : start + ROWS_AT_ONCE]).execute()
    ps_ids = {str(row["dcid"]): row["id"] for row in seed["students"]}
    return Home(district.id, kiosk.public_id, simulator, ps_ids, mode)


def school_morning() -> datetime:
    """Return yesterday, eight in the morning at the school."""
    yesterday = datetime.now(ZoneInfo(ZONE)).date() - timedelta(days=1)
    return datetime.combine(yesterday, time(8), ZoneInfo(ZONE)).astimezone(UTC)


def _seed(students: int, mode: str, more: dict[str, Any]) -> dict[str, Any]:
    school = OAKWOOD_SEED["schools"][0] | schedule_of(
        mode, range(20_000, 20_000 + students)
    )
    every_day = {"in_session_weekdays": list(range(7)), "not_in_session": []}
    return {
        **OAKWOOD_SEED,
        "client_id": str(uuid.uuid4()),
        "client_secret": str(uuid.uuid4()),
        "schools": [school | every_day],
        "students": [
            {
                "id": 20_000 + n,
                "dcid": 40_000 + n,
                "student_number": str(104_800 + n),
                "first_name": f"Maria{n}",
                "last_name": f"Lopez{n}",
                "grade_level": 9,
                "school_number": SCHOOL,
            }
            for n in range(students)
        ],
    } | more


def _student(row: dict[str, Any], district_id: int, school_id: int) -> dict[str, Any]:
    return {
        "district": district_id,
        "school": school_id,
        "sis_id": str(row["dcid"]),
        "student_number": row["student_number"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "grade": str(row["grade_level"]),
    }
