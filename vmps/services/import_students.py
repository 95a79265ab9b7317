"""Importing students from a CSV file: all of it, or nothing and every bad line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from peewee import IntegrityError, chunked

from vmps.db import execute_many, transaction, utc_text
from vmps.models import AuditEntry, District, School, Student
from vmps.services.problems import Problem
from vmps.services.roster_file import read_roster

_CHUNK = 500  # rows in one INSERT, ids in one IN (…)

_KEEP = (
    "UPDATE student SET school_id = %s, student_number = %s, first_name = %s,"
    " last_name = %s, grade = %s, archived_at = NULL WHERE id = %s"
)
#: Another number, name or school: compared with PowerSchool again before a write.
_FORGET = _KEEP.replace(
    " WHERE",
    ", ps_id = NULL, ps_dcid = NULL, ps_school_number = NULL, ps_enroll_status = NULL,"
    " ps_entry_date = NULL, ps_exit_date = NULL, ps_checked_at = NULL WHERE",
)
_ARCHIVE = "UPDATE student SET archived_at = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did."""

    added: int
    updated: int
    archived: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Known:
    """A student as stored."""

    id: int
    columns: tuple[Any, ...]
    is_archived: bool


def import_students(
    district: District, file: Path, *, is_replacing: bool, actor: str, now: datetime
) -> ImportCounts:
    """Add and update the file's students; archive absent ones when replacing."""
    schools = _schools(district)
    lines = read_roster(file, schools)
    wanted = {
        line.sis_id: (schools[line.school_number], *line.personal) for line in lines
    }
    try:
        with transaction():
            counts = _save(district, wanted, is_replacing=is_replacing, now=now)
            AuditEntry.note(
                "students.imported",
                actor=actor,
                district=district.id,
                added=counts.added,
                updated=counts.updated,
                archived=counts.archived,
            )
    except IntegrityError:
        raise Problem("Another import ran at the same time: run this again.") from None
    return counts


def _schools(district: District) -> dict[str, int]:
    rows: Any = School.select(School.number, School.id).where(
        School.district == district
    )
    return dict(rows.tuples())


def _save(
    district: District,
    wanted: dict[str, tuple[Any, ...]],
    *,
    is_replacing: bool,
    now: datetime,
) -> ImportCounts:
    known = _stored(district)
    new = [(sis_id, *row) for sis_id, row in wanted.items() if sis_id not in known]
    changed = [
        (known[sis_id], row)
        for sis_id, row in wanted.items()
        if sis_id in known and _differs(known[sis_id], row)
    ]
    absent = [
        student.id
        for sis_id, student in known.items()
        if is_replacing and sis_id not in wanted and not student.is_archived
    ]
    _insert(district, new)
    execute_many(_FORGET, _updates(changed, is_other=True))
    execute_many(_KEEP, _updates(changed, is_other=False))
    execute_many(_ARCHIVE, ((utc_text(now), student_id) for student_id in absent))
    unchanged = len(wanted) - len(new) - len(changed)
    return ImportCounts(len(new), len(changed), len(absent), unchanged)


def _stored(district: District) -> dict[str, _Known]:
    rows: Any = Student.select(
        Student.sis_id,
        Student.id,
        Student.archived_at,
        Student.school,
        Student.student_number,
        Student.first_name,
        Student.last_name,
        Student.grade,
    ).where(Student.district == district)
    return {
        row[0]: _Known(row[1], tuple(row[3:]), row[2] is not None)
        for row in rows.tuples()
    }


def _differs(known: _Known, row: tuple[Any, ...]) -> bool:
    return known.is_archived or known.columns != row


def _updates(
    changed: Iterable[tuple[_Known, tuple[Any, ...]]], *, is_other: bool
) -> Iterator[Sequence[object]]:
    """Yield the updates of those who differ in more than the grade, or of the rest."""
    for known, row in changed:
        if (known.columns[:4] != row[:4]) is is_other:
            yield (*row, known.id)


def _insert(district: District, rows: Sequence[tuple[Any, ...]]) -> None:
    columns = [
        Student.sis_id,
        Student.school,
        Student.student_number,
        Student.first_name,
        Student.last_name,
        Student.grade,
        Student.district,
    ]
    for batch in chunked(rows, _CHUNK):
        values = [(*row, district.id) for row in batch]
        Student.insert_many(values, fields=columns).execute()
