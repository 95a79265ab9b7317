"""Meeting mode's own rules of a school: the codes for missed and remaining classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from vmps.db import tuples
from vmps.models import AttendanceCode, School
from vmps.services.reason_rows import LONGEST_CODE

#: The imported codes of a school's newest year; a school without is not in it.
KnownCodes = Mapping[int, Collection[str]]


def find_known_codes(school_ids: Iterable[int]) -> KnownCodes:
    """Return the codes that were imported for these schools, without the blank one."""
    query = (
        AttendanceCode.select(AttendanceCode.school, AttendanceCode.code)
        .join(School)
        .where(
            AttendanceCode.school.in_(list(school_ids)),
            AttendanceCode.year_id == School.codes_year_id,
        )
        .order_by(AttendanceCode.position, AttendanceCode.code)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for school_id, code in tuples(query):
        found[school_id].append(code)
    return {number: [c for c in codes if c] for number, codes in found.items()}


def code_fault(school: School, codes: Iterable[str], known: KnownCodes) -> str:
    """Return what is wrong with codes that a rule of this school is to name, or ""."""
    for code in filter(None, codes):
        if len(code) > LONGEST_CODE:
            return (
                f"An attendance code has at most {LONGEST_CODE} characters, unlike"
                f" {code!r}."
            )
        if school.id in known and code not in known[school.id]:
            return (
                f"{school.name} has no attendance code {code}. It has"
                f" {', '.join(known[school.id]) or 'none'}."
            )
    return ""
