"""Listing the schools a user may see with their attendance codes; a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vmps.models import AttendanceCode, School, User
from vmps.services.school_years import is_ending, name_year, year_at
from vmps.services.schools import list_schools_of
from vmps.services.store_codes import find_unmatched, mapped_codes_of, say_unmatched


@dataclass(frozen=True, slots=True)
class ListedCodes:
    """One school: whose year's codes it has, and how they fit its reasons."""

    school: School
    #: The year whose codes are in use; None where none were ever imported.
    year_id: int | None
    count: int
    is_behind: bool
    mapped: int
    unmatched: Sequence[str]
    #: What the next year's codes lack, None while those are not imported.
    next_unmatched: Sequence[str] | None
    #: Whether the next year is to be prepared by now.
    is_ending: bool

    @property
    def year(self) -> str:
        """Return `2026-27`."""
        return name_year(self.year_id) if self.year_id is not None else ""

    @property
    def problem(self) -> str:
        """Return what does not fit, if anything."""
        if not self.unmatched or self.year_id is None:
            return ""
        return say_unmatched(self.unmatched, self.mapped, self.year_id)


def list_codes(user: User, *, now: datetime) -> list[ListedCodes]:
    """Return the user's schools by name."""
    return list_codes_of(list_schools_of(user), now=now)


def list_codes_of(schools: Sequence[School], *, now: datetime) -> list[ListedCodes]:
    """Return these schools; two queries however many there are."""
    ids = [school.id for school in schools]
    texts: dict[tuple[int, int], set[str]] = defaultdict(set)
    for code in AttendanceCode.select().where(AttendanceCode.school.in_(ids)):
        if code.code:
            texts[code.school_id, code.year_id].add(code.code)
    mapped = mapped_codes_of(ids)
    return [_listed(school, texts, mapped[school.id], now) for school in schools]


def _listed(
    school: School,
    texts: dict[tuple[int, int], set[str]],
    mapped: Sequence[str],
    now: datetime,
) -> ListedCodes:
    current = year_at(school, now)
    used = current if (school.id, current) in texts else school.codes_year_id
    codes = texts.get((school.id, used), set()) if used is not None else set()
    following = texts.get((school.id, current + 1))
    return ListedCodes(
        school,
        used,
        len(codes),
        used is not None and used < current,
        len(mapped),
        find_unmatched(mapped, codes) if codes else (),
        None if following is None else find_unmatched(mapped, following),
        is_ending(school, now),
    )
