"""Never the wrong student: the roster's student and PowerSchool's, compared."""

# Pure functions. DCID, STUDENTS.ID and student number are small overlapping numbers:
# a look-up by the wrong one finds somebody, only not the right child.

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vmps.models import Cause

ACTIVE = 0  # STUDENTS.ENROLL_STATUS
_STATUSES = {
    -1: "only pre-registered",
    1: "inactive",
    2: "transferred out",
    3: "graduated",
    4: "imported as historical",
}
#: Digits that every database and PowerSchool take for a number.
LONGEST_NUMBER = 15
#: What STUDENTS.SCHOOLID holds where there is none.
_NO_SCHOOL = frozenset({"None", "", "0"})

#: Words of a name that say little about who it is.
_COMMON = frozenset(
    {"al", "bin", "da", "das", "de", "del", "den", "der", "di", "dos", "du", "el"}
    | {"la", "las", "le", "los", "st", "ste", "van", "von"}
    | {"ii", "iii", "iv", "jr", "sr"}
)
#: Letters that Unicode does not take apart; apostrophes join.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    | dict.fromkeys("'’‘ʼ`´")
)


@dataclass(frozen=True, slots=True)
class Person:
    """What either side says of one student."""

    student_number: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Where and when PowerSchool has the student; the exit date is exclusive."""

    school_number: str
    status: int | None
    entry_date: date | None
    exit_date: date | None


@dataclass(frozen=True, slots=True)
class EnrollmentProblem:
    """Why nothing is written for a student that day; no names of people."""

    cause: Cause
    detail: str


def number_of(sis_id: str) -> int | None:
    """Return the number that a SIS ID is, in ASCII digits; None where it is none."""
    is_short = len(sis_id) <= LONGEST_NUMBER
    is_number = is_short and sis_id.isascii() and sis_id.isdecimal()
    return int(sis_id) if is_number else None


def is_same_person(ours: Person, theirs: Person) -> bool:
    """Tell whether number and name agree.

    Numbers must be equal where both sides have one; then a shared last name or a
    first name is enough (Bob and Robert), without a number both are needed.
    """
    if ours.student_number and theirs.student_number:
        if not _is_same_number(ours.student_number, theirs.student_number):
            return False
        return _share_name(ours.last_name, theirs.last_name) or _share_name(
            ours.first_name, theirs.first_name
        )
    return _share_name(ours.last_name, theirs.last_name) and _share_name(
        ours.first_name, theirs.first_name
    )


def enrollment_problem(
    enrollment: Enrollment,
    school_number: str,
    day: date,
    names: Mapping[str, str] | None = None,
) -> EnrollmentProblem | None:
    """Return what is wrong unless the student attends that school on that day.

    `names` are what schools are called, by number. PowerSchool tells of the present
    enrollment only: before it began elsewhere, nobody knows where the student was.
    """
    is_here = enrollment.school_number == school_number
    there = _name_school(enrollment.school_number, names or {})
    entry, leaving = enrollment.entry_date, enrollment.exit_date
    if enrollment.status not in {ACTIVE, None}:
        status = _STATUSES.get(enrollment.status or 0, "not active")
        has_left = leaving is not None and leaving <= day
        return _not_enrolled(f"{status}{_on(leaving, day, ' on') if has_left else ''}")
    if entry and day < entry:
        first = "begins on" if is_here else f"at {there} from"
        return _not_enrolled(f"{first}{_on(entry, day)}")
    if leaving and day >= leaving:
        left = "left on" if is_here else f"left {there} on"
        return _not_enrolled(f"{left}{_on(leaving, day)}")
    if is_here:
        return None
    if enrollment.school_number in _NO_SCHOOL:
        return _not_enrolled("at no school")
    return EnrollmentProblem(Cause.MOVED, there)


def _not_enrolled(detail: str) -> EnrollmentProblem:
    return EnrollmentProblem(Cause.NOT_ENROLLED, detail)


def _name_school(number: str, names: Mapping[str, str]) -> str:
    return f"{names[number]} ({number})" if number in names else f"school {number}"


def _on(moment: date | None, day: date, word: str = "") -> str:
    """Return ` Nov 3`, with the year where it is another one."""
    if moment is None:
        return ""
    year = "" if moment.year == day.year else f", {moment.year}"
    return f"{word} {moment:%b} {moment.day}{year}"


def _is_same_number(one: str, other: str) -> bool:
    """Compare numbers; a file may keep the zeros in front that PowerSchool drops."""
    return one.strip().lstrip("0") == other.strip().lstrip("0")


def _share_name(one: str, other: str) -> bool:
    ours, theirs = _words(one), _words(other)
    if not ours or not theirs:
        return False
    shared = set(_telling(ours)) & set(_telling(theirs))
    return bool(shared) or "".join(ours) == "".join(theirs)


def _telling(words: list[str]) -> list[str]:
    """Leave out what many unrelated people share, unless there is nothing else."""
    return [w for w in words if len(w) > 1 and w not in _COMMON] or words


def _words(name: str) -> list[str]:
    """Return the name's words without accents, case and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.findall(r"[^\W\d_]+", letters)
