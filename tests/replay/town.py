"""Twenty schools in every attendance mode: PowerSchool's side and ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.cast import make_district, make_kiosk
from tests.replay.people import Person, Story, cast_of
from vmps.db import transaction
from vmps.models import Connection, EventType, Reason, School, Student
from vmps.services.kiosk_view import KioskView, KioskViews
from vmps.simulator.invent import invent_district

SCHOOLS = 20
MODES = ("daily", "time", "meeting", "interval")
ZONE = "America/Chicago"
REPLACEABLE, PROTECTED = '["A"]', '["S", "F"]'
LATE, EARLY, DOCTOR, UNMAPPED, OUTDATED = (
    "Bus late",
    "Dentist",
    "Doctor",
    "Overslept",
    "Old reason",
)
#: What a reason's code is; the last one is no code of the schools'.
CODES = {LATE: "T", DOCTOR: "TE", EARLY: "ED", OUTDATED: "Z"}
INTERVAL_MINUTES = 15
CHUNK = 500
#: Of time schools, in hours: six classes of fifty minutes.
FIRST_HOUR, CLASSES, CLASS_MINUTES = 8, 6, 50
#: What a clerk enters where minutes count: more than any events could leave.
CLERKS_MINUTES = 301


@dataclass(frozen=True, slots=True)
class Place:
    """One school of the town, with the people who have a story there."""

    number: int
    mode: str
    people: Sequence[Person]
    bystanders: Sequence[int]
    keeps_first: bool
    missed_code: str
    is_disabled: bool

    @property
    def our_mode(self) -> str:
        """Return what School Building Setup calls the mode."""
        return "meeting" if self.mode == "interval" else self.mode


@dataclass(frozen=True, slots=True)
class Town:
    """The district, ready to deliver."""

    day: date
    district_id: int
    schools: Mapping[int, School]
    places: Sequence[Place]
    kiosk: KioskView


def build_seed(day: date, students: int) -> dict[str, Any]:
    """Return PowerSchool's side: so many students in each school."""
    seed = invent_district(
        SCHOOLS, students, timezone=ZONE, has_weekends_in_session=True, modes=MODES
    )
    for school in seed["schools"]:
        if school.get("attendance_mode") == "time":
            school["periods"] = [_class(number) for number in range(CLASSES)]
        if school.get("attendance_mode") == "interval":
            school["interval_minutes"] = INTERVAL_MINUTES
    return seed


def _class(number: int) -> dict[str, Any]:
    hour = FIRST_HOUR + number
    times = {"start": f"{hour:02}:00", "end": f"{hour:02}:{CLASS_MINUTES}"}
    return {"number": number + 1, **times}


def plan_places(seed: dict[str, Any], day: date, events: int) -> list[Place]:
    """Cast the stories; who moved or left is changed in the seed."""
    places = []
    rolls = defaultdict(list)
    for row in seed["students"]:
        rolls[row["school_number"]].append(row)
    for place, school in enumerate(seed["schools"]):
        rows = rolls[school["number"]]
        mode = school.get("attendance_mode", "daily")
        people = cast_of(place, rows, events // SCHOOLS, mode)
        for person in people:
            _arrange(person, seed, place, day)
        places.append(
            Place(
                number=int(school["number"]),
                mode=mode,
                people=people,
                bystanders=[row["id"] for row in rows[len(people) :]],
                keeps_first=mode == "daily" and place % 8 == 4,
                missed_code="A" if mode == "meeting" and place % 8 == 2 else "",
                is_disabled=place == SCHOOLS - 4,
            )
        )
    return places


def _arrange(person: Person, seed: dict[str, Any], place: int, day: date) -> None:
    """Let PowerSchool know who moved and who left."""
    if person.story is Story.MOVED:
        elsewhere = seed["schools"][(place + len(MODES)) % SCHOOLS]
        person.row["school_number"] = elsewhere["number"]
    if person.story is Story.LEFT:
        person.row["exitdate"] = day.isoformat()


def make_town(
    seed: dict[str, Any], places: Sequence[Place], day: date, base_url: str
) -> Town:
    """Make our side in the bound database."""
    with transaction():
        district = make_district(timezone=ZONE)
        Connection.create(
            district=district,
            base_url=base_url,
            client_id=seed["client_id"],
            client_secret_token=Connection.seal(seed["client_secret"]),
        )
        schools = {place.number: _make_school(district, place) for place in places}
        for place in places:
            _enroll(schools[place.number], place.people)
        make_kiosk(district, list(schools.values()))
    view = KioskViews(0).find("ksk_oakwood")
    assert view
    return Town(day, district.id, schools, places, view)


def _make_school(district: Any, place: Place) -> School:
    school = School.create(
        district=district,
        number=str(place.number),
        name=f"School {place.number}",
        mode=place.our_mode,
        is_enabled=not place.is_disabled,
        keeps_first_code=place.keeps_first,
        missed_code=place.missed_code,
        replaceable_codes=REPLACEABLE,
        protected_codes=PROTECTED,
    )
    for label, code in CODES.items():
        kind = EventType.EARLY_CHECK_OUT if label == EARLY else EventType.LATE_CHECK_IN
        Reason.create(school=school, type=kind, label=label, code=code)
    return school


def _enroll(school: School, people: Sequence[Person]) -> None:
    rows = [
        {
            "district": school.district_id,
            "school": school.id,
            "sis_id": person.sis_id,
            **person.roster_name,
            "grade": str(person.row["grade_level"]),
        }
        for person in people
    ]
    for start in range(0, len(rows), CHUNK):
        Student.insert_many(rows[start : start + CHUNK]).execute()
