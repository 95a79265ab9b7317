"""Reading a school's imported attendance codes, and how up to date they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vmps.models import AttendanceCode, EventType, School
from vmps.services.actors import name_actors
from vmps.services.school_years import (
    first_day,
    is_ending,
    last_day,
    name_year,
    year_at,
)
from vmps.services.store_codes import find_unmatched, mapped_codes

ABSENT = "Absent"


@dataclass(frozen=True, slots=True)
class SchoolCodes:
    """A school's codes of one year, in order; the blank one is among them."""

    year_id: int
    codes: Sequence[AttendanceCode]

    @property
    def year(self) -> str:
        """Return `2026-27`."""
        return name_year(self.year_id)

    @property
    def named(self) -> list[AttendanceCode]:
        """Return those with a text: what reasons can be mapped to."""
        return [code for code in self.codes if code.code]

    @property
    def texts(self) -> frozenset[str]:
        """Return their texts."""
        return frozenset(code.code for code in self.named)

    def describe(self, text: str, kind: EventType) -> str:
        """Return what a code is, or that PowerSchool lacks it; case matters."""
        near = [c for c in self.named if c.code.casefold() == text.casefold()]
        for code in near:
            if code.code == text:
                presence = f" ({code.presence})" if code.presence else ""
                told = f"{code.description}{presence}".strip()
                return (
                    f"{told}. {_warning(code, kind)}" if _warning(code, kind) else told
                )
        has = f", but {near[0].code}" if near else ""
        return f"PowerSchool has no code {text} at this school in {self.year}{has}."


def _warning(code: AttendanceCode, kind: EventType) -> str:
    if code.presence != ABSENT or kind is not EventType.LATE_CHECK_IN:
        return ""
    return "Careful: it marks a student who came late as absent."


@dataclass(frozen=True, slots=True)
class YearState:
    """Where a school stands between two school years."""

    year_id: int
    #: The year whose codes are in use; None where none were ever imported.
    imported_year_id: int | None
    #: When and by whom those were imported; None of codes that were prepared.
    imported_at: datetime | None
    imported_by: str
    #: Codes that reasons are mapped to, and those that the imported year lacks.
    mapped: Sequence[str]
    unmatched: Sequence[str]
    #: The last day, where the next year is to be prepared; else None.
    ends_on: date | None
    #: Whether the next year's codes are here, and which mapped ones they lack.
    next_codes: SchoolCodes | None
    next_unmatched: Sequence[str]

    @property
    def is_behind(self) -> bool:
        """Tell whether a new year has begun whose codes are not here yet."""
        year_id = self.imported_year_id
        return year_id is not None and year_id < self.year_id

    @property
    def year(self) -> str:
        """Return this school year's name."""
        return name_year(self.year_id)

    @property
    def next_year(self) -> str:
        """Return the next one's."""
        return name_year(self.year_id + 1)

    @property
    def imported_year(self) -> str:
        """Return the name of the year whose codes are in use."""
        return name_year(self.imported_year_id) if self.imported_year_id else ""

    @property
    def next_begins_on(self) -> date:
        """Return the day on which the next year begins."""
        return first_day(self.year_id + 1)


def find_codes(school: School, *, now: datetime) -> SchoolCodes | None:
    """Return the codes in use: this year's, else those imported last, else None."""
    year_id = year_at(school, now)
    found = _codes_of(school, year_id)
    if found is None and school.codes_year_id is not None:
        found = _codes_of(school, school.codes_year_id)
    return found


def find_missing(
    school: School, texts: Sequence[str | None], *, now: datetime
) -> tuple[str, ...]:
    """Return those that PowerSchool is known to lack: of this year's import only."""
    codes = _codes_of(school, year_at(school, now))
    given = {text for text in texts if text}
    return tuple(sorted(given - codes.texts)) if codes else ()


def say_missing(school: School, texts: Sequence[str | None], *, now: datetime) -> str:
    """Return what to do for those that an enabled school's PowerSchool lacks."""
    missing = find_missing(school, texts, now=now) if school.is_enabled else ()
    if not missing:
        return ""
    return (
        f"PowerSchool has no code {' or '.join(missing)} at this school this year, so"
        " events with it fail and are not sent again: give the reason another code. If"
        " it was added there meanwhile, import the codes again: today's events are then"
        " sent by themselves."
    )


def look_at_year(
    school: School, codes: SchoolCodes | None, *, now: datetime
) -> YearState:
    """Return where the school stands with the codes in use, and what is to be done."""
    year_id = year_at(school, now)
    mapped = mapped_codes(school)
    next_codes = _codes_of(school, year_id + 1)
    # Prepared ones are in use from the first day on, before they are imported again.
    is_last = codes is not None and codes.year_id == school.codes_year_id
    by = school.codes_imported_by if is_last else ""
    return YearState(
        year_id=year_id,
        imported_year_id=codes.year_id if codes else None,
        imported_at=school.codes_imported_at if is_last else None,
        imported_by=name_actors([by])[by] if by else "",
        mapped=mapped,
        unmatched=find_unmatched(mapped, codes.texts) if codes else (),
        ends_on=last_day(year_id) if is_ending(school, now) else None,
        next_codes=next_codes,
        next_unmatched=find_unmatched(mapped, next_codes.texts) if next_codes else (),
    )


def _codes_of(school: School, year_id: int) -> SchoolCodes | None:
    codes = list(
        AttendanceCode.select()
        .where(AttendanceCode.school == school.id, AttendanceCode.year_id == year_id)
        .order_by(AttendanceCode.position, AttendanceCode.id)
    )
    return SchoolCodes(year_id, codes) if codes else None
