"""An invented district to seed the simulator with; nobody in it exists."""

import random
import uuid
from typing import Any

FIRST_NAMES = (
    "Ada Amir Bela Bruno Carla Chen Dalia Diego Elif Emil Farah Felix Gita Hugo Ines"
    " Ivan Jana Jonas Kaya Kofi Lena Luis Maya Milo Nadia Nils Olga Omar Pia Quinn"
    " Rosa Sami Tara Theo Uma Vera Wanda Yara Yusuf Zoe"
)
LAST_NAMES = (
    "Abbott Acker Bauer Bell Calder Castro Dalton Demir Eaton Farrow Fisher Garcia"
    " Grant Haddad Hale Ibarra Jansen Keller Khan Lopez Lund Marsh Moreau Nakamura"
    " Novak Okafor Ortiz Pereira Quist Reyes Rossi Sato Silva Tanaka Ueda Vance Weber"
    " Xu Young Zeller"
)
SCHOOL_NAMES = (
    "Oakwood High School",
    "Birch Middle School",
    "Maple Elementary School",
    "Cedar Elementary School",
    "Willow Academy",
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
) -> dict[str, Any]:
    """Make a seed whose ids overlap: one student's DCID is another one's ID."""
    chance = random.Random(random_seed)
    count = schools * students_per_school
    numbers = [FIRST_SCHOOL_NUMBER + place for place in range(schools)]
    weekdays = list(range(7 if has_weekends_in_session else 5))
    return {
        "timezone": "America/Chicago",
        "version": "25.3.0.0",
        "client_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "client_secret": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "page_size": 100,
        "schools": [
            {**_school(place, number), "in_session_weekdays": weekdays}
            for place, number in enumerate(numbers)
        ],
        "students": [
            _student(chance, place, count, numbers[place % schools])
            for place in range(count)
        ],
    }


def _school(place: int, number: int) -> dict[str, Any]:
    name = SCHOOL_NAMES[place % len(SCHOOL_NAMES)]
    if place >= len(SCHOOL_NAMES):
        name = f"{name} {place // len(SCHOOL_NAMES) + 1}"
    codes = [
        {"att_code": code, "description": description, "presence": presence}
        for code, description, presence in CODES
    ]
    return {"number": str(number), "name": name, "codes": codes, "not_in_session": []}


def _student(
    chance: random.Random, place: int, count: int, school_number: int
) -> dict[str, Any]:
    # one range for all three ids, shifted: every value means three students
    ids = [FIRST_STUDENT_NUMBER + (place + shift) % count for shift in (0, 1, 2)]
    return {
        "id": ids[0],
        "dcid": ids[1],
        "student_number": ids[2],
        "first_name": chance.choice(FIRST_NAMES.split()),
        "last_name": chance.choice(LAST_NAMES.split()),
        "grade_level": chance.randint(0, 12),
        "school_number": str(school_number),
    }
