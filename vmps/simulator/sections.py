"""Sections and who is enrolled in them: the same in every school year."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vmps.simulator.school_years import (
    YEARIDS,
    first_day,
    last_day,
    parse_day,
    yearid_of,
)
from vmps.simulator.schools import School

MEETING = "ATT_ModeMeeting"
INTERVAL = "ATT_ModeInterval"
MODE_CODES = {"meeting": MEETING, "interval": INTERVAL}
SECTIONS_A_YEAR = 100_000
ENROLMENTS_A_YEAR = 10_000_000
ONE_DAY = timedelta(days=1)
# PowerSchool's own spelling: periods with their cycle days, such as `1(A-B) 3(A,C)`
EXPRESSION = re.compile(r"(\d+)\(([^)]+)\)")


@dataclass(frozen=True)
class Section:
    """A class; `number` counts through the district from 1."""

    number: int
    schoolid: int
    course_number: str
    expression: str
    meets: tuple[tuple[int, str], ...]  # period number, cycle day letter
    att_mode_code: str
    attendance_type_code: int

    def id_of(self, yearid: int) -> int:
        """Return SECTIONS.ID of a year."""
        return yearid * SECTIONS_A_YEAR + self.number


@dataclass(frozen=True)
class Enrolment:
    """A student in a section; `number` counts through the district from 1."""

    number: int
    section: Section
    studentid: int
    is_dropped: bool
    enrolled: date | None
    left: date | None

    def id_of(self, yearid: int) -> int:
        """Return CC.ID of a year."""
        return yearid * ENROLMENTS_A_YEAR + self.number

    def sectionid(self, yearid: int) -> int:
        """Return CC.SECTIONID of a year: negative when dropped."""
        sectionid = self.section.id_of(yearid)
        return -sectionid if self.is_dropped else sectionid

    def exists_in(self, yearid: int) -> bool:
        """Tell whether a year has it: with a date only that date's year."""
        if self.enrolled is not None:
            return yearid_of(self.enrolled) == yearid
        return self.left is None or yearid_of(self.left - ONE_DAY) == yearid

    def first_day(self, yearid: int) -> date:
        """Return CC.DATEENROLLED."""
        return self.enrolled or first_day(yearid)

    def day_after(self, yearid: int) -> date:
        """Return CC.DATELEFT, the day after the last one."""
        return self.left or last_day(yearid) + ONE_DAY

    def is_on(self, day: date) -> bool:
        """Tell whether the student is in the section on a day."""
        yearid = yearid_of(day)
        if self.is_dropped or not self.exists_in(yearid):
            return False
        return self.first_day(yearid) <= day < self.day_after(yearid)


class Classes:
    """All sections of a district, and all enrolments."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.enrolments: list[Enrolment] = []
        self.sections_of: dict[int, list[Section]] = defaultdict(list)
        self.enrolments_in: dict[int, list[Enrolment]] = defaultdict(list)
        self.enrolments_of: dict[int, list[Enrolment]] = defaultdict(list)

    def add(self, school: School, seeds: Iterable[dict[str, Any]]) -> None:
        """Take up a school's sections with those enrolled in them."""
        for seed in seeds:
            section = _section(len(self.sections) + 1, school, seed)
            self.sections.append(section)
            self.sections_of[school.number].append(section)
            for student in seed.get("students", ()):
                self._enrol(section, student)

    def _enrol(self, section: Section, seed: int | dict[str, Any]) -> None:
        entry = seed if isinstance(seed, dict) else {"id": seed}
        enrolment = Enrolment(
            number=len(self.enrolments) + 1,
            section=section,
            studentid=int(entry["id"]),
            is_dropped=bool(entry.get("dropped", False)),
            enrolled=parse_day(entry.get("dateenrolled", "")),
            left=parse_day(entry.get("dateleft", "")),
        )
        self.enrolments.append(enrolment)
        self.enrolments_in[section.number].append(enrolment)
        self.enrolments_of[enrolment.studentid].append(enrolment)

    def enrolment(self, ccid: int) -> tuple[Enrolment, int] | None:
        """Return the enrolment of a CC.ID with its year."""
        yearid, number = divmod(ccid, ENROLMENTS_A_YEAR)
        if yearid not in YEARIDS or not 1 <= number <= len(self.enrolments):
            return None
        found = self.enrolments[number - 1]
        return (found, yearid) if found.exists_in(yearid) else None

    def section(self, sectionid: int) -> Section | None:
        """Return the section of a SECTIONS.ID, of whatever year."""
        number = sectionid % SECTIONS_A_YEAR
        return self.sections[number - 1] if 1 <= number <= len(self.sections) else None


def _section(number: int, school: School, seed: dict[str, Any]) -> Section:
    schedule = school.schedule
    meets = tuple(_meets(seed["expression"], schedule.letters))
    known = {period.number for period in schedule.periods}
    if not meets or not {number for number, _ in meets} <= known:
        raise ValueError(f"school {school.number} cannot hold {seed['expression']}")
    return Section(
        number=number,
        schoolid=school.number,
        course_number=seed.get("course_number", f"C{number}"),
        expression=seed["expression"],
        meets=meets,
        att_mode_code=MODE_CODES[seed.get("mode", schedule.att_mode_code)],
        attendance_type_code=int(seed.get("attendance_type_code", 2)),
    )


def _meets(expression: str, letters: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for period, days in EXPRESSION.findall(expression):
        for part in days.split(","):
            first, _, last = part.strip().partition("-")
            begins, ends = letters.index(first), letters.index(last or first)
            for letter in letters[begins : ends + 1]:
                yield int(period), letter
