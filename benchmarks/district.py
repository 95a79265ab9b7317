"""A district for benchmarks: schools with as many students as asked for, a kiosk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vmps.clock import utcnow
from vmps.db import transaction
from vmps.models import (
    Connection,
    District,
    EventType,
    Kiosk,
    KioskSchool,
    Lane,
    Reason,
    School,
    Student,
    Writeback,
)
from vmps.services.accept import Answer, ReportedEvent, accept_events
from vmps.services.kiosk_view import KioskView, KioskViews
from vmps.simulator.invent import invent_district

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KIOSK = "ksk_benchmark"
REASON = "Bus late"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Benchdistrict:
    """The district's id, its students in order, and its kiosk as requests see it."""

    id: int
    students: Sequence[dict[str, Any]]
    kiosk: KioskView

    def schools(self) -> list[list[dict[str, Any]]]:
        """Return the students of each school."""
        found: dict[str, list[dict[str, Any]]] = {}
        for student in self.students:
            found.setdefault(student["school_number"], []).append(student)
        return list(found.values())

    def accept(
        self, students: Sequence[dict[str, Any]], now: datetime | None = None
    ) -> None:
        """Take one late check-in of each student, as their kiosk's requests would."""
        now = now or utcnow()
        for start in range(0, len(students), CHUNK):
            events = [
                self._event(student, now) for student in students[start : start + CHUNK]
            ]
            results = accept_events(self.kiosk, events, now=now)
            assert all(result.answer is Answer.ACCEPTED for result in results)

    def _event(self, student: dict[str, Any], now: datetime) -> ReportedEvent:
        return ReportedEvent(
            external_id=f"accepted-{student['dcid']}",
            type=EventType.LATE_CHECK_IN,
            occurred_at=now - timedelta(seconds=1),
            student_id=str(student["dcid"]),
            school=self.kiosk.schools[student["school_number"]],
            reason=REASON,
        )

    def pending(self) -> int:
        """Return how many writebacks are not settled."""
        return int(Writeback.select().where(Writeback.status == "pending").count())

    def successful(self) -> int:
        """Return how many writebacks ended well."""
        return int(Writeback.select().where(Writeback.status == "successful").count())


def seed_of(
    schools: int, students: int, version: str, mode: str = "daily"
) -> dict[str, Any]:
    """Return a simulator's seed, `students` in each school, in session at all times."""
    seed = invent_district(
        schools, students, modes=(mode,), has_weekends_in_session=True
    )
    for school in seed["schools"]:
        school["periods"] = _round_the_clock(len(school.get("periods", "1")))
    return seed | {"version": version}


def _round_the_clock(count: int) -> list[dict[str, Any]]:
    """Return so many periods, one after the other from midnight to midnight."""
    hours = 24 // count
    return [
        {"number": n + 1, "start": f"{n * hours:02}:00", "end": f"{(n + 1) * hours}:00"}
        for n in range(count)
    ]


def make_district(seed: dict[str, Any], base_url: str) -> Benchdistrict:
    """Make the district of a seed in the bound database, students not identified."""
    with transaction():
        district = District.create(name="Benchmark", timezone=seed["timezone"])
        Lane.create(district=district)
        Connection.create(
            district=district,
            base_url=base_url,
            client_id=seed["client_id"],
            client_secret_token=Connection.seal(seed["client_secret"]),
        )
        schools = [_add_school(district, row) for row in seed["schools"]]
        _add_students(schools, seed["students"])
        kiosk = Kiosk.create(
            district=district,
            public_id=KIOSK,
            name="Front desk",
            id_kind="sis_id",
            secret_token=Kiosk.seal(SECRET),
        )
        for school in schools:
            KioskSchool.create(kiosk=kiosk, school=school)
    view = KioskViews(0).find(KIOSK)
    assert view
    return Benchdistrict(district.id, seed["students"], view)


def _add_school(district: District, row: dict[str, Any]) -> School:
    school = School.create(
        district=district, number=row["number"], name=row["name"],
        mode=row.get("attendance_mode", "daily"),
    )  # fmt: skip
    Reason.create(school=school, type=EventType.LATE_CHECK_IN, label=REASON, code="T")
    return school


def _add_students(
    schools: Sequence[School], students: Sequence[dict[str, Any]]
) -> None:
    ids = {school.number: school.id for school in schools}
    rows = [
        {
            "district": schools[0].district_id,
            "school": ids[student["school_number"]],
            "sis_id": str(student["dcid"]),
            "student_number": str(student["student_number"]),
            "first_name": student["first_name"],
            "last_name": student["last_name"],
            "grade": str(student["grade_level"]),
        }
        for student in students
    ]
    for start in range(0, len(rows), CHUNK):
        Student.insert_many(rows[start : start + CHUNK]).execute()


def identify(students: Sequence[dict[str, Any]], now: datetime | None = None) -> None:
    """Note who these students are in PowerSchool, as an earlier day's drain did."""
    now = now or utcnow()
    with transaction():
        for student in students:
            (
                Student.update(
                    ps_id=student["id"],
                    ps_dcid=student["dcid"],
                    ps_school_number=student["school_number"],
                    ps_enroll_status=0,
                    ps_checked_at=now,
                )
                .where(Student.sis_id == str(student["dcid"]))
                .execute()
            )
