"""The cast: two districts, Oakwood and Birch, made by functions with defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher

from vmps.db import transaction
from vmps.models import (
    Connection,
    District,
    EventType,
    Kiosk,
    KioskSchool,
    Lane,
    Reason,
    Role,
    School,
    Student,
    User,
    UserSchool,
    Writeback,
)
from vmps.services.accept import AcceptResult, ReportedEvent, accept_events
from vmps.services.kiosk_view import KioskView, KioskViews

#: Monday, 23 November 2026, 8:14 in Chicago.
NOW = datetime(2026, 11, 23, 14, 14, 5, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#: Everybody's, unless a test gives another.
PASSWORD = "nine purple umbrellas"

OAKWOOD_SEED: dict[str, Any] = {
    "timezone": "America/Chicago",
    "version": "25.3.0.0",
    "client_id": "11111111-1111-4111-8111-111111111111",
    "client_secret": "22222222-2222-4222-8222-222222222222",
    "page_size": 100,
    "schools": [
        {
            "number": "1817",
            "name": "Oakwood High",
            "codes": [
                {"att_code": None, "description": "Present", "presence": "Present"},
                {"att_code": "T", "description": "Tardy", "presence": "Present"},
                {"att_code": "ED", "description": "Early", "presence": "Present"},
                {"att_code": "A", "description": "Absent", "presence": "Absent"},
                {"att_code": "S", "description": "Suspended", "presence": "Absent"},
            ],
            "not_in_session": ["2026-11-26"],
        }
    ],
    "students": [
        {
            "id": 500 + n,
            "dcid": 900 + n,
            "student_number": str(104800 + n),
            "first_name": f"Maria{n}",
            "last_name": f"Lopez{n}",
            "grade_level": 9,
            "school_number": "1817",
        }
        for n in range(60)
    ],
}


@dataclass(frozen=True)
class Oakwood:
    """A district ready to deliver: one school, its students, a kiosk, reasons."""

    district: District
    school: School
    students: Sequence[Student]
    kiosk: Kiosk

    def view(self) -> KioskView:
        """Return the kiosk as its requests see it."""
        view = KioskViews(0).find(self.kiosk.public_id)
        assert view
        return view

    def report(self, student: int = 0, **more: Any) -> AcceptResult:
        """Accept one event of a student, as the kiosk's request would."""
        view, now = self.view(), more.pop("now", NOW)
        given = {
            "external_id": f"event-{student}",
            "type": EventType.LATE_CHECK_IN,
            "occurred_at": NOW,
            "student_id": self.students[student].sis_id,
            "school": view.schools[self.school.number],
            "reason": "Bus late",
        } | more
        return accept_events(view, [ReportedEvent(**given)], now=now)[0]


@transaction()
def make_oakwood(
    base_url: str = "https://oakwood.example", seed: dict[str, Any] | None = None
) -> Oakwood:
    """Make the district of a simulator's seed, in Daily mode, with mapped reasons."""
    seed = seed or OAKWOOD_SEED
    district = make_district()
    Connection.create(
        district=district,
        base_url=base_url,
        client_id=seed["client_id"],
        client_secret_token=Connection.seal(seed["client_secret"]),
    )
    school = make_school(district, seed["schools"][0]["number"])
    students = [make_student(school, **row) for row in seed["students"]]
    return Oakwood(district, school, students, make_kiosk(district, [school]))


@dataclass(frozen=True)
class Cast:
    """Both districts with their schools and people; no connections, no kiosks."""

    oakwood: District
    birch: District
    #: Oakwood's schools by number: 1817, 1818, 1819.
    schools: Mapping[str, School]
    #: Birch's only school; its number is 1817 too.
    birch_school: School
    alice: User
    bob: User
    stella: User
    charlie: User


@transaction()
def make_cast() -> Cast:
    """Make everybody, each with `PASSWORD`."""
    oakwood, birch = make_district(), make_district("Birch", "America/New_York")
    schools = {n: make_school(oakwood, n) for n in ("1817", "1818", "1819")}
    first, second, _ = schools.values()
    bob = make_user(
        oakwood, "bob@oakwood.example", Role.BUILDING_ADMIN, [first, second]
    )
    return Cast(
        oakwood,
        birch,
        schools,
        birch_school=make_school(birch, "1817", name="Birch High"),
        alice=make_user(oakwood),
        bob=bob,
        stella=make_user(oakwood, "stella@oakwood.example", Role.STAFF, [first]),
        charlie=make_user(birch, "charlie@birch.example"),
    )


def make_user(
    district: District,
    email: str = "alice@oakwood.example",
    role: Role = Role.DISTRICT_ADMIN,
    schools: Sequence[School] = (),
    **more: Any,
) -> User:
    """Make a user who signs in with `PASSWORD`."""
    given = {"password_hash": cheap_hash(PASSWORD)} | more
    user = User.create(district=district, email=email, role=role, **given)
    for school in schools:
        UserSchool.insert(user=user.id, school=school.id).execute()
    return user


@cache
def cheap_hash(password: str) -> str:
    """Return a true argon2 hash that costs a test next to nothing."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def make_district(name: str = "Oakwood", timezone: str = "America/Chicago") -> District:
    """Make a district with its lane."""
    district = District.create(name=name, timezone=timezone)
    Lane.create(district=district)
    return district


def make_school(district: District, number: str = "1817", **more: Any) -> School:
    """Make a school with a reason of each type."""
    given = {"name": f"School {number}", "mode": "daily"} | more
    school = School.create(district=district, number=number, **given)
    for kind, label, code in (
        (EventType.LATE_CHECK_IN, "Bus late", "T"),
        (EventType.EARLY_CHECK_OUT, "Dentist", "ED"),
    ):
        Reason.create(school=school, type=kind, label=label, code=code)
    return school


def make_student(school: School, **row: Any) -> Student:
    """Make the roster's student of a seed's row; the SIS ID is the DCID."""
    return Student.create(
        district=school.district_id,
        school=school,
        sis_id=str(row["dcid"]),
        student_number=str(row["student_number"]),
        first_name=row["first_name"],
        last_name=row["last_name"],
        grade=str(row.get("grade_level", "")),
    )


def make_kiosk(
    district: District, schools: Sequence[School], public_id: str = "ksk_oakwood"
) -> Kiosk:
    """Make a kiosk with a known secret."""
    kiosk = Kiosk.create(
        district=district,
        public_id=public_id,
        name="Front desk",
        id_kind="sis_id",
        secret_token=Kiosk.seal(SECRET),
    )
    for school in schools:
        KioskSchool.create(kiosk=kiosk, school=school)
    return kiosk


def statuses() -> dict[str, int]:
    """Return how many writebacks stand in each status."""
    counts: dict[str, int] = {}
    for writeback in Writeback.select():
        counts[writeback.status] = counts.get(writeback.status, 0) + 1
    return counts
