"""A district for benchmarks: one school, as many students as asked for, a kiosk."""

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

    @property
    def school_number(self) -> str:
        """Return the number of the only school."""
        return next(iter(self.kiosk.schools))

    def accept(self, students: Sequence[dict[str, Any]]) -> None:
        """Take one late check-in of each student, as their kiosk's requests would."""
        now = utcnow()
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
            school=self.kiosk.schools[self.school_number],
            reason=REASON,
        )

    def pending(self) -> int:
        """Return how many writebacks are not settled."""
        return int(Writeback.select().where(Writeback.status == "pending").count())

    def successful(self) -> int:
        """Return how many writebacks ended well."""
        return int(Writeback.select().where(Writeback.status == "successful").count())


def seed_of(students: int, version: str) -> dict[str, Any]:
    """Return a simulator's seed with one school, in session every day."""
    seed = invent_district(1, students, has_weekends_in_session=True)
    return seed | {"version": version}


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
        school = School.create(
            district=district,
            number=seed["schools"][0]["number"],
            name=seed["schools"][0]["name"],
            mode="daily",
        )
        Reason.create(
            school=school, type=EventType.LATE_CHECK_IN, label=REASON, code="T"
        )
        _add_students(school, seed["students"])
        kiosk = Kiosk.create(
            district=district,
            public_id=KIOSK,
            name="Front desk",
            id_kind="sis_id",
            secret_token=Kiosk.seal(SECRET),
        )
        KioskSchool.create(kiosk=kiosk, school=school)
    view = KioskViews(0).find(KIOSK)
    assert view
    return Benchdistrict(district.id, seed["students"], view)


def _add_students(school: School, students: Sequence[dict[str, Any]]) -> None:
    rows = [
        {
            "district": school.district_id,
            "school": school.id,
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


def identify(students: Sequence[dict[str, Any]]) -> None:
    """Note who these students are in PowerSchool, as an earlier day's drain did."""
    now = utcnow()
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
