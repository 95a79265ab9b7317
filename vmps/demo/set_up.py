"""Setting a district up, through the services that an operator uses."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import compress
from typing import Any

from vmps.clock import utcnow
from vmps.db import transaction
from vmps.demo.districts import REASONS, DemoDistrict, DemoSchool
from vmps.demo.folder import DemoFolder, DistrictFolder
from vmps.demo.invention import roster_of
from vmps.demo.ports import HOST
from vmps.models import Connection, District, RosterId, School, VisibleId
from vmps.powerschool.rows import code_of
from vmps.services.connection_form import ConnectionForm
from vmps.services.connections import save_connection
from vmps.services.districts import add_district
from vmps.services.fetch_codes import FetchedCodes
from vmps.services.import_students import import_students
from vmps.services.kiosks import add_kiosk
from vmps.services.reasons import save_reason
from vmps.services.roster_file import COLUMNS
from vmps.services.school_changes import SchoolChanges
from vmps.services.school_years import year_at
from vmps.services.schools import add_school, set_school
from vmps.services.store_codes import store_codes
from vmps.services.users import add_user
from vmps.simulator.district import District as Simulated

ACTOR = "demo"

#: Absences may be overwritten; a suspension and a field trip may not.
REPLACEABLE, PROTECTED = ("A",), ("S", "F")


def set_up(plan: DemoDistrict, folder: DemoFolder, seed: dict[str, Any]) -> District:
    """Make the district, whole or not at all; one that is there stays as it is."""
    district = District.get_or_none(District.name == plan.name)
    if district is None:
        with transaction():
            district = _make(plan, folder, seed)
    _follow_the_simulator(plan, folder, district, seed)
    return district


def _make(plan: DemoDistrict, folder: DemoFolder, seed: dict[str, Any]) -> District:
    district = District.get_by_id(add_district(plan.name, plan.timezone, actor=ACTOR))
    numbers = [row["number"] for row in seed["schools"]]
    schools = [
        _add_school(district, number, school)
        for number, school in zip(numbers, plan.schools, strict=True)
    ]
    is_chosen = [school.mode is not None for school in plan.schools]
    _import_codes(list(compress(schools, is_chosen)), seed)
    _connect(plan, folder, district, seed)
    _import_students(district, folder.of(plan), seed)
    _add_users(plan, folder, district, schools)
    _add_kiosk(plan, folder, district, schools)
    return district


def _add_school(district: District, number: str, plan: DemoSchool) -> School:
    school = School.get_by_id(
        add_school(district, number, plan.name, timezone=None, actor=ACTOR)
    )
    changes = SchoolChanges(
        mode=plan.mode,
        is_enabled=plan.is_enabled,
        replaceable=REPLACEABLE,
        protected=PROTECTED,
        missed_code=plan.missed_code,
        marks_remaining=plan.marks_remaining,
    )
    set_school(school, changes, actor=ACTOR, now=utcnow())
    everybodys = [
        (kind, label, code)
        for kind, reasons in REASONS.items()
        for label, code in reasons.items()
    ]
    for kind, label, code_or_none in [*everybodys, *plan.more_reasons]:
        save_reason(school, kind, label, code=code_or_none, actor=ACTOR, now=utcnow())
    return school


def _import_codes(schools: Sequence[School], seed: dict[str, Any]) -> None:
    """Store this year's codes, as PowerSchool will tell them once it runs."""
    powerschool, now = Simulated(seed), utcnow()
    for school in schools:
        year_id = year_at(school, now)
        rows = powerschool.codes_of[int(school.number), year_id]
        fetched = FetchedCodes(year_id, [code_of(row) for row in rows])
        store_codes(school, fetched, actor=ACTOR, now=now)


def _connect(
    plan: DemoDistrict, folder: DemoFolder, district: District, seed: dict[str, Any]
) -> None:
    form = ConnectionForm(
        url=folder.simulator_url(plan),
        client_id=seed["client_id"],
        client_secret=seed["client_secret"],
        roster_id=RosterId.DCID,
        visible_id=VisibleId.SIS_ID,
    )
    networks = folder.settings().allowed_networks
    save_connection(
        district, form, allowed_networks=networks, actor=ACTOR, now=utcnow()
    )


def _follow_the_simulator(
    plan: DemoDistrict, folder: DemoFolder, district: District, seed: dict[str, Any]
) -> None:
    """Save the connection again where the simulator's port was taken meanwhile."""
    connection = Connection.get_or_none(Connection.district == district)
    url = folder.simulator_url(plan)
    saved = connection.base_url if connection else ""
    if saved.startswith(f"http://{HOST}:") and saved != url:
        _connect(plan, folder, district, seed)


def _import_students(
    district: District, folder: DistrictFolder, seed: dict[str, Any]
) -> None:
    with folder.roster.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(roster_of(seed))
    import_students(
        district, folder.roster, is_replacing=False, actor=ACTOR, now=utcnow()
    )


def _add_users(
    plan: DemoDistrict, folder: DemoFolder, district: District, schools: list[School]
) -> None:
    kept = folder.read()
    for user in plan.users:
        add_user(
            district,
            user.email,
            user.role,
            schools=[schools[place] for place in user.schools],
            password=kept[user.password_name],
            actor=ACTOR,
            now=utcnow(),
        )


def _add_kiosk(
    plan: DemoDistrict,
    folder: DemoFolder,
    district: District,
    schools: Sequence[School],
) -> None:
    made = add_kiosk(district, schools, "Front desk", id_kind=None, actor=ACTOR)
    kept = {plan.kiosk_id_name: made.public_id, plan.kiosk_secret_name: made.secret}
    folder.write(folder.read() | kept)
