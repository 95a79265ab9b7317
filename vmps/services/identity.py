"""Never the wrong student: the roster's student and PowerSchool's, compared."""

# Pure functions. DCID, STUDENTS.ID and student number are small overlapping numbers:
# a look-up by the wrong one finds somebody, only not the right child.

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from vmps.models import Cause

ACTIVE = 0  # STUDENTS.ENROLL_STATUS

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
    enrollment: Enrollment, school_number: str, day: date
) -> Cause | None:
    """Return NOT_ENROLLED unless the student attends that school on that day."""
    if enrollment.status not in {ACTIVE, None}:
        return Cause.NOT_ENROLLED
    if enrollment.school_number != school_number:
        return Cause.NOT_ENROLLED
    if enrollment.entry_date and day < enrollment.entry_date:
        return Cause.NOT_ENROLLED
    if enrollment.exit_date and day >= enrollment.exit_date:
        return Cause.NOT_ENROLLED
    return None


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
