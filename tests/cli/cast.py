"""Oakwood and Birch: districts with a school, a student, a kiosk and events."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.owed import owe
from vmps.models import (
    Attempt,
    Connection,
    District,
    Kiosk,
    KioskSchool,
    Lane,
    Outcome,
    School,
    Student,
    Writeback,
)


@dataclass(frozen=True)
class Office:
    """A district ready to work."""

    district: District
    school: School
    student: Student
    kiosk: Kiosk

    def owe(self, *, reason: str = "Bus late", days_ago: int = 0, **columns) -> int:
        """Store an event of today with its writeback; return the writeback's id."""
        now = datetime.now(UTC)
        day = now.astimezone(self.school.zone).date() - timedelta(days=days_ago)
        given = {"due_at": now, "give_up_at": now, **columns}
        row = owe(
            self.school,
            student=self.student,
            occurred_at=now,
            day=day,
            reason=reason,
            **given,
        )
        return row.id


def open_office(name: str) -> Office:
    """Store a district with one of everything."""
    district = District.create(name=name, timezone="America/Chicago")
    Lane.insert(district=district).execute()
    school = School.create(district=district, number="1817", name="High", mode="daily")
    student = Student.create(
        district=district,
        school=school,
        sis_id="104822",
        student_number="4822",
        first_name="Ann",
        last_name="Lee",
        ps_id=77,
    )
    kiosk = Kiosk.create(
        district=district,
        public_id=f"ksk_{name}",
        name="Front",
        id_kind="sis_id",
        secret_token=Kiosk.seal("whsec_first"),
    )
    KioskSchool.insert(kiosk=kiosk, school=school).execute()
    return Office(district, school, student, kiosk)


def connect(office: Office, **columns) -> Connection:
    """Store a connection."""
    given = {
        "base_url": "https://oakwood.example",
        "client_id": "id",
        "client_secret_token": Connection.seal("first secret"),
        **columns,
    }
    return Connection.create(district=office.district, **given)


def begin_attempt(writeback_id: int) -> Attempt:
    """Store an attempt that began and has not ended."""
    return Attempt.create(
        writeback=writeback_id,
        fence=1,
        started_at=datetime.now(UTC),
        outcome=Outcome.STARTED,
    )


def find(writeback_id: int) -> Writeback:
    """Return the writeback as it is stored now."""
    return Writeback.get_by_id(writeback_id)
