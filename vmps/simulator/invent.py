"""An invented district to seed the simulator with; nobody in it exists."""

# A seed is JSON. Of a district: `timezone`, `version`, `client_id`, `client_secret`,
# `page_size`, `schools` and `students` (`id`, `dcid`, `student_number`, `first_name`,
# `last_name`, `school_number`, and optionally `grade_level`, `enroll_status`,
# `entrydate`, `exitdate`: the day after the last one).
#
# Of a school: `number`, `name`, `codes` (`att_code`, `description`, `presence`,
# `yearids`), and optionally, here with what holds without them:
#   "not_in_session": []              ISO dates, beside the other weekdays
#   "in_session_weekdays": [0 … 4]    Monday is 0
#   "attendance_mode": "daily"        or "time", "meeting", "interval"
#   "recorded_modes": [that mode]     what PREFS says it records, for bridged schools
#   "periods": [{"number": 1, "name": "Day", "start": "08:00", "end": "15:00"}]
#                                     also "abbreviation" (P1) and "bridge" (the first
#                                     period); without a name it is "Period 1"
#   "half_days": []                   ISO dates with the other bell schedule
#   "half_day_periods": [{"number": 1, "start": "08:00", "end": "08:30"}, …]
#                                     its times, of some or all periods; without it
#                                     every period is half as long and half as far on
#   "cycle_days": ["A"]               letters, alternating by days in session from the
#                                     first of July on
#   "interval_minutes": null          how long intervals last; a meeting without it
#   "sections": []
#
# Of a section: `expression`, which is PowerSchool's, such as "1(A-B) 3(A,C)": the
# periods with the cycle days on which it meets; and optionally
#   "course_number": "C17", "mode": the school's or "meeting", "attendance_type_code": 2
#   "students": []                    STUDENTS.ID, or {"id": …} with "dropped": true,
#                                     "dateenrolled", "dateleft" (the day after the
#                                     last one); with a date only in that school year
#
# Codes, terms, periods, schedules, sections and enrolments exist in every school year,
# under other ids that follow from the order of the seed.

import random
import uuid
from collections.abc import Sequence
from typing import Any

from vmps.simulator.invent_classes import invent_classes

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
Seed = dict[str, Any]
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
    modes: Sequence[str] = ("daily",),
) -> dict[str, Any]:
    """Make a seed whose ids overlap: one student's DCID is another one's ID.

    The schools take `modes` in turn: daily, time, meeting or interval.
    """
    chance = random.Random(random_seed)
    count = schools * students_per_school
    numbers = [first_school_number + place for place in range(schools)]
    weekdays = list(range(7 if has_weekends_in_session else 5))
    seed: Seed = {
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
    _add_modes(seed, modes)
    return seed


def _add_modes(seed: Seed, modes: Sequence[str]) -> None:
    for place, school in enumerate(seed["schools"]):
        school |= _mode_keys(seed, school, modes[place % len(modes)])


def _mode_keys(seed: Seed, school: Seed, mode: str) -> Seed:
    if mode in ("daily", "time"):
        return {} if mode == "daily" else {"attendance_mode": mode}
    studentids = [
        student["id"]
        for student in seed["students"]
        if student["school_number"] == school["number"]
    ]
    # a chance of its own: what is invented for one school changes no other
    return invent_classes(random.Random(school["number"]), mode, studentids)


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
