"""Finding a student of a school by what people type: an id, or part of the name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any

from peewee import fn

from vmps.models import School, Student

#: More are not shown: another letter narrows it down.
MOST = 20


def find_students(school: School, typed: str) -> Sequence[Student]:
    """Return the active students of the school that fit, by name; at most 20.

    A whole SIS ID or Student Number finds its student alone.
    """
    words = typed.split()
    if not words:
        return []
    ours = Student.select().where(
        Student.school == school.id, Student.archived_at.is_null()
    )
    by_id = list(
        ours.where((Student.sis_id == typed) | (Student.student_number == typed))
    )
    if by_id:
        return by_id
    named = ours.where(reduce(and_, map(_is_named, words)))
    return list(named.order_by(Student.last_name, Student.first_name).limit(MOST))


def _is_named(word: str) -> Any:
    part = word.strip(",").lower()
    return fn.LOWER(Student.first_name).contains(part) | fn.LOWER(
        Student.last_name
    ).contains(part)
