"""Never the wrong student: the roster's student and PowerSchool's, compared.

Pure functions. DCID, STUDENTS.ID and student number are small overlapping numbers:
a look-up by the wrong one finds somebody, only not the right child.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from vmps.models import Cause

ACTIVE = 0  # STUDENTS.ENROLL_STATUS


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
        if ours.student_number.strip() != theirs.student_number.strip():
            return False
        return _share_word(ours.last_name, theirs.last_name) or _share_word(
            ours.first_name, theirs.first_name
        )
    return _share_word(ours.last_name, theirs.last_name) and _share_word(
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


def _share_word(one: str, other: str) -> bool:
    ours, theirs = _words(one), _words(other)
    if not ours or not theirs:
        return False
    return bool(ours & theirs) or "".join(sorted(ours)) == "".join(sorted(theirs))


def _words(name: str) -> frozenset[str]:
    """Return the name's words without accents, case and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return frozenset(re.findall(r"[^\W\d_]+", letters.replace("'", "")))
