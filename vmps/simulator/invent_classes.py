"""An invented school's periods, cycle days and sections, with its students in them."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

Json = dict[str, Any]
PERIODS = (
    ("08:00", "08:55"),
    ("09:00", "09:55"),
    ("10:00", "10:55"),
    ("11:00", "11:55"),
    ("12:30", "13:25"),  # after lunch
    ("13:30", "14:25"),
)
LETTERS = ("A", "B")
EVERY_DAY = 2  # the first periods are the same on all cycle days
SUBJECTS = ["ENG", "MATH", "SCI", "HIST", "ART", "PE", "SPAN", "MUS", "BIO", "GEO"]
LARGEST_SECTION = 25
DROPPED = slice(1, None, 25)  # who once chose another section of a period
DOUBLED = slice(2, None, 40)  # who has two sections in one period


def invent_classes(chance: random.Random, mode: str, studentids: list[int]) -> Json:
    """Make a school's keys for meeting or interval mode."""
    expressions = [
        f"{number}({letters})"
        for number in range(1, len(PERIODS) + 1)
        for letters in (["A-B"] if number <= EVERY_DAY else LETTERS)
    ]
    return {
        "attendance_mode": mode,
        "periods": invent_periods(),
        "cycle_days": list(LETTERS),
        "sections": [
            section
            for place, expression in enumerate(expressions)
            for section in _sections(chance, place, expression, studentids)
        ],
    }


def invent_periods() -> list[Json]:
    """Make six periods of a day, with a break for lunch."""
    return [
        {"number": number, "name": f"Period {number}", "start": start, "end": end}
        for number, (start, end) in enumerate(PERIODS, start=1)
    ]


def _sections(
    chance: random.Random, place: int, expression: str, studentids: Sequence[int]
) -> Iterator[Json]:
    """Divide the students among at least two sections of one period."""
    students = chance.sample(studentids, len(studentids))
    count = max(2, -(-len(students) // LARGEST_SECTION))
    rosters: list[list[int | Json]] = [list(students[n::count]) for n in range(count)]
    if place == 0:
        for studentid in students[DROPPED]:
            _another(rosters, studentid).append({"id": studentid, "dropped": True})
    if place == EVERY_DAY:
        for studentid in students[DOUBLED]:
            _another(rosters, studentid).append(studentid)
    subject = SUBJECTS[place % len(SUBJECTS)]
    for number, roster in enumerate(rosters, start=1):
        yield {
            "course_number": f"{subject}-{number:02}",
            "expression": expression,
            "students": roster,
        }


def _another(rosters: list[list[int | Json]], studentid: int) -> list[int | Json]:
    return next(roster for roster in rosters if studentid not in roster)
