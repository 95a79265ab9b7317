"""An invented district to seed the simulator with; nobody in it exists."""

import random
import uuid
from collections.abc import Sequence
from typing import Any

FIRST_NAMES = (
    "Ada Amara Amir Anton Bela Bianca Bruno Carla Cem Chen Dalia Dario Diego Edda Elif"
    " Emil Esra Farah Felix Finn Gita Greta Hana Hugo Ida Imre Ines Ivan Jana Jonas"
    " Juna Kaya Kofi Lars Leila Lena Luis Malik Maya Mei Milo Mira Nadia Nils Noor Olga"
    " Omar Otto Paula Pia Quinn Rafael Ravi Rosa Sami Selma Soren Tara Theo Tilda Uma"
    " Vera Viktor Wanda Xenia Yara Yusuf Zara Zoe"
)
LAST_NAMES = (
    "Abbott Acker Amari Bauer Bell Bianchi Calder Castro Cohen Dalton Demir Duarte"
    " Eaton Engel Farrow Fisher Flores Garcia Grant Haddad Hale Horvat Ibarra Ivanov"
    " Jansen Jensen Kaplan Keller Khan Larsen Lopez Lund Marsh Mensah Moreau Nakamura"
    " Novak Okafor Ortiz Osei Pereira Petrov Quist Reyes Rossi Rowe Sato Silva Singh"
    " Tanaka Toth Ueda Ulrich Vance Vargas Weber Wolff Xu Yilmaz Young Zeller Ziegler"
)
SchoolName = tuple[str, range]  # with its grades, 0 is Kindergarten
SCHOOLS: tuple[SchoolName, ...] = (
    ("Oakwood High School", range(9, 13)),
    ("Maple Middle School", range(6, 9)),
    ("Cedar Elementary School", range(6)),
    ("Willow Elementary School", range(6)),
    ("Linden Academy", range(13)),
)
CODES: tuple[tuple[str | None, str, str], ...] = (
    (None, "Present", "Present"),
    ("T", "Tardy", "Present"),
    ("A", "Absent", "Absent"),
    ("TE", "Tardy excused", "Present"),
    ("ED", "Early dismissal", "Present"),
    ("S", "Suspension", "Absent"),
    ("F", "Field trip", "Present"),
)
FIRST_SCHOOL_NUMBER = 1817
FIRST_STUDENT_NUMBER = 104_001


def invent_district(
    schools: int = 2,
    students_per_school: int = 500,
    random_seed: int = 1,
    *,
    has_weekends_in_session: bool = False,
    timezone: str = "America/Chicago",
    named: Sequence[SchoolName] = SCHOOLS,
    first_school_number: int = FIRST_SCHOOL_NUMBER,
) -> dict[str, Any]:
    """Make a seed whose ids overlap: one student's DCID is another one's ID."""
    chance = random.Random(random_seed)
    count = schools * students_per_school
    numbers = [first_school_number + place for place in range(schools)]
    weekdays = list(range(7 if has_weekends_in_session else 5))
    return {
        "timezone": timezone,
        "version": "25.3.0.0",
        "client_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "client_secret": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "page_size": 100,
        "schools": [
            {**_school(place, number, named), "in_session_weekdays": weekdays}
            for place, number in enumerate(numbers)
        ],
        "students": [
            _student(chance, place, count)
            | {
                "grade_level": chance.choice(named[place % schools % len(named)][1]),
                "school_number": str(numbers[place % schools]),
            }
            for place in range(count)
        ],
    }


def _school(place: int, number: int, named: Sequence[SchoolName]) -> dict[str, Any]:
    name = named[place % len(named)][0]
    if place >= len(named):
        name = f"{name} {place // len(named) + 1}"
    codes = [
        {"att_code": code, "description": description, "presence": presence}
        for code, description, presence in CODES
    ]
    return {"number": str(number), "name": name, "codes": codes, "not_in_session": []}


def _student(chance: random.Random, place: int, count: int) -> dict[str, Any]:
    # one range for all three ids, shifted: every value means three students
    ids = [FIRST_STUDENT_NUMBER + (place + shift) % count for shift in (0, 1, 2)]
    return {
        "id": ids[0],
        "dcid": ids[1],
        "student_number": ids[2],
        "first_name": chance.choice(FIRST_NAMES.split()),
        "last_name": chance.choice(LAST_NAMES.split()),
    }
