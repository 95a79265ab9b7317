"""Oakwood, an invented district, set up through the services an operator uses."""

from __future__ import annotations

import csv
from typing import Any

from vmps.clock import utcnow
from vmps.demo.folder import DemoFolder
from vmps.models import (
    AttendanceMode,
    District,
    EventType,
    Kiosk,
    RosterId,
    School,
    Student,
    VisibleId,
)
from vmps.services.connection_form import ConnectionForm
from vmps.services.connections import save_connection
from vmps.services.districts import add_district, find_district
from vmps.services.import_students import import_students
from vmps.services.kiosks import add_kiosk
from vmps.services.reasons import save_reason
from vmps.services.roster_file import COLUMNS
from vmps.services.schools import SchoolChanges, add_school, set_school
from vmps.simulator.invent import invent_district

NAME = "Oakwood"
ACTOR = "demo"
LATE_REASONS = {"Bus late": "T", "Overslept": "T", "Doctor": "TE"}
EARLY_REASONS = {"Dentist": "ED", "Unwell": "ED"}
REASONS = {
    EventType.LATE_CHECK_IN: LATE_REASONS,
    EventType.EARLY_CHECK_OUT: EARLY_REASONS,
}


def invent_oakwood() -> dict[str, Any]:
    """Return what the simulator is seeded with: the same at every start."""
    return invent_district(
        schools=3, students_per_school=400, has_weekends_in_session=True
    )


def set_up_oakwood(folder: DemoFolder, seed: dict[str, Any]) -> dict[str, str]:
    """Add what is missing and connect to the simulator; return the kiosk's secret."""
    if not District.select().where(District.name == NAME).exists():
        add_district(NAME, seed["timezone"], actor=ACTOR)
    district = find_district(NAME)
    for row in seed["schools"]:
        if not School.select().where(School.number == row["number"]).exists():
            _add_school(district, row["number"], row["name"])
    _connect(folder, district, seed)
    if not Student.select().where(Student.district == district).exists():
        _import_students(folder, district, seed)
    return _kiosk(folder, district)


def _add_school(district: District, number: str, name: str) -> None:
    school = School.get_by_id(
        add_school(district, number, name, timezone=None, actor=ACTOR)
    )
    changes = SchoolChanges(mode=AttendanceMode.DAILY, is_enabled=True)
    set_school(school, changes, actor=ACTOR, now=utcnow())
    for kind, reasons in REASONS.items():
        for label, code in reasons.items():
            save_reason(school, kind, label, code=code, actor=ACTOR, now=utcnow())


def _connect(folder: DemoFolder, district: District, seed: dict[str, Any]) -> None:
    """Save the connection; the simulator may have moved to another port."""
    form = ConnectionForm(
        url=folder.simulator_url,
        client_id=seed["client_id"],
        client_secret=seed["client_secret"],
        roster_id=RosterId.DCID,
        visible_id=VisibleId.SIS_ID,
    )
    networks = folder.settings().allowed_networks
    save_connection(
        district, form, allowed_networks=networks, actor=ACTOR, now=utcnow()
    )


def _import_students(
    folder: DemoFolder, district: District, seed: dict[str, Any]
) -> None:
    with folder.roster.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(_roster_line(student) for student in seed["students"])
    import_students(
        district, folder.roster, is_replacing=False, actor=ACTOR, now=utcnow()
    )


def _roster_line(student: dict[str, Any]) -> dict[str, Any]:
    """Return a roster line; the roster's id is PowerSchool's DCID here."""
    return {
        "school_number": student["school_number"],
        "sis_id": student["dcid"],
        "student_number": student["student_number"],
        "first_name": student["first_name"],
        "last_name": student["last_name"],
        "grade": student["grade_level"],
    }


def _kiosk(folder: DemoFolder, district: District) -> dict[str, str]:
    kept = folder.read()
    known = kept.get("DEMO_KIOSK_ID", "")
    if Kiosk.select().where(Kiosk.public_id == known).exists():
        return {}
    schools = list(School.select().where(School.district == district))
    made = add_kiosk(district, schools, "Front desk", id_kind=None, actor=ACTOR)
    return {"DEMO_KIOSK_ID": made.public_id, "DEMO_KIOSK_SECRET": made.secret}
