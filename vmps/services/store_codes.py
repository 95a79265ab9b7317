"""Storing the codes that PowerSchool has for a school year; what changed is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import chunked

from vmps import powerschool
from vmps.db import transaction
from vmps.models import (
    AttendanceCode,
    AuditEntry,
    Cause,
    Reason,
    School,
    Status,
    Writeback,
)
from vmps.services.districts import lock_district
from vmps.services.fetch_codes import FetchedCodes
from vmps.services.requeue import requeue
from vmps.services.school_years import name_year, year_at
from vmps.services.schools import happened_today
from vmps.words import count_of

#: In one statement: databases limit its parameters.
_ROWS = 1000

#: A code as it is compared: its text, description and presence status.
Told = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class CodeChanges:
    """How two sets of codes differ, by text; the blank one is not among them."""

    new: tuple[str, ...] = ()
    #: The text before and the text now, of one and the same code.
    renamed: tuple[tuple[str, str], ...] = ()
    #: Another description or presence status.
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def words(self) -> list[str]:
        """Return `1 new (X)`, `1 gone (LE)`: what there is of each."""
        renamed = [f"{old} → {new}" for old, new in self.renamed]
        kinds = {
            "new": self.new,
            "renamed": renamed,
            "changed": self.changed,
            "gone": self.gone,
        }
        return [
            f"{len(found)} {kind} ({', '.join(found)})"
            for kind, found in kinds.items()
            if found
        ]


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import did."""

    school: School
    year_id: int
    count: int
    is_first: bool
    changes: CodeChanges
    #: Mapped codes in all, and those that the year does not have.
    mapped: int
    unmatched: tuple[str, ...]
    #: Of today's events: those that failed for a code that is there now.
    requeued: int

    def words(self) -> str:
        """Return what a person is told."""
        told = f"{count_of(self.count, 'code')} imported for {name_year(self.year_id)}"
        what = [] if self.is_first else self.changes.words() or ["nothing changed"]
        told += f": {', '.join(what)}." if what else "."
        if self.unmatched:
            told += " " + say_unmatched(self.unmatched, self.mapped, self.year_id)
        if self.requeued:
            verb = "is" if self.requeued == 1 else "are"
            told += f" {self.requeued} of today's events {verb} being sent again."
        return told


def say_unmatched(codes: Sequence[str], mapped: int, year_id: int) -> str:
    """Return `2 of 9 mapped codes do not exist in 2027-28: LX, TE.`"""
    verb = "does" if len(codes) == 1 else "do"
    noun = "code" if mapped == 1 else "codes"
    return (
        f"{len(codes)} of {mapped} mapped {noun} {verb} not exist in"
        f" {name_year(year_id)}: {', '.join(codes)}."
    )


def compare_codes(
    before: Mapping[int, Told], after: Mapping[int, Told], *, is_same_year: bool
) -> CodeChanges:
    """Return what changed; ids stay the same within a year only."""
    renamed = {
        (before[key][0], told[0])
        for key, told in after.items()
        if is_same_year and key in before and before[key][0] != told[0]
        if told[0] and before[key][0]
    }
    old = {told[0]: told[1:] for told in before.values() if told[0]}
    new = {told[0]: told[1:] for told in after.values() if told[0]}
    was, now = {pair[0] for pair in renamed}, {pair[1] for pair in renamed}
    return CodeChanges(
        new=_sorted(new.keys() - old.keys() - now),
        renamed=tuple(sorted(renamed)),
        changed=_sorted(t for t in new.keys() & old.keys() if new[t] != old[t]),
        gone=_sorted(old.keys() - new.keys() - was),
    )


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda text: (text.casefold(), text)))


def mapped_codes(school: School) -> tuple[str, ...]:
    """Return the codes that the school's offered reasons are mapped to."""
    return mapped_codes_of([school.id])[school.id]


def mapped_codes_of(school_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return them for each of these schools; one query."""
    rows = Reason.select(Reason.school, Reason.code).where(
        Reason.school.in_(school_ids), Reason.code.is_null(False), ~Reason.is_hidden
    )
    found: dict[int, set[str]] = {school_id: set() for school_id in school_ids}
    for reason in rows:
        if reason.code:
            found[reason.school_id].add(reason.code)
    return {school_id: _sorted(codes) for school_id, codes in found.items()}


def find_unmatched(mapped: Sequence[str], codes: Collection[str]) -> tuple[str, ...]:
    """Return the mapped codes that are not among these."""
    return tuple(code for code in mapped if code not in codes)


def store_codes(
    school: School, fetched: FetchedCodes, *, actor: str, now: datetime
) -> Imported:
    """Replace what is stored of that year, and say what is different now."""
    with transaction():
        lock_district(school.district_id)
        compared_year, before = _stored(school, fetched.year_id)
        after = {code.id: _told(code) for code in fetched.codes}
        is_same = compared_year == fetched.year_id
        changes = compare_codes(before, after, is_same_year=is_same)
        _replace(school, fetched)
        texts = {told[0] for told in after.values()}
        is_current = fetched.year_id == year_at(school, now)
        requeued = _send_found(school, texts, now) if is_current else 0
        if fetched.year_id <= year_at(school, now):
            _note_year(school, fetched.year_id, actor, now)
        AuditEntry.note(
            "codes.imported",
            actor=actor,
            district=school.district_id,
            school=school.id,
            year_id=fetched.year_id,
            codes=len(after),
            requeued=requeued,
        )
        mapped = mapped_codes(school)
    unmatched = find_unmatched(mapped, texts)
    count = len([text for text in texts if text])
    return Imported(
        school=school,
        year_id=fetched.year_id,
        count=count,
        is_first=not before,
        changes=changes,
        mapped=len(mapped),
        unmatched=unmatched,
        requeued=requeued,
    )


def _send_found(school: School, codes: set[str], now: datetime) -> int:
    """Queue what failed today for a code that PowerSchool has by now; count them."""
    if not school.is_enabled:
        return 0
    is_mended = (
        (Writeback.status == Status.FAILED)
        & (Writeback.cause == Cause.CODE_MISSING)
        & Writeback.detail.in_(codes - {""})
        & happened_today([school], now)
    )
    return requeue(school.district_id, is_mended, now=now)


def _stored(school: School, year_id: int) -> tuple[int | None, dict[int, Told]]:
    """Return that year's codes, or those of the last year before it."""
    rows = list(
        AttendanceCode.select().where(
            AttendanceCode.school == school.id, AttendanceCode.year_id <= year_id
        )
    )
    newest = max((row.year_id for row in rows), default=None)
    return newest, {
        row.ps_id: (row.code, row.description, row.presence)
        for row in rows
        if row.year_id == newest
    }


def _told(code: powerschool.AttendanceCode) -> Told:
    return code.code, code.description, code.presence


def _replace(school: School, fetched: FetchedCodes) -> None:
    """Years before the last one are forgotten: nothing is compared with them."""
    year_id = fetched.year_id
    AttendanceCode.delete().where(
        AttendanceCode.school == school.id,
        (AttendanceCode.year_id == year_id) | (AttendanceCode.year_id < year_id - 1),
    ).execute()
    rows = [
        {
            "school": school.id,
            "year_id": year_id,
            "ps_id": code.id,
            "code": code.code,
            "description": code.description,
            "presence": code.presence,
            "position": place,
        }
        for place, code in enumerate(fetched.codes)
    ]
    for chunk in chunked(rows, _ROWS):
        AttendanceCode.insert_many(chunk).execute()


def _note_year(school: School, year_id: int, actor: str, now: datetime) -> None:
    saved = {
        "codes_year_id": year_id,
        "codes_imported_at": now,
        "codes_imported_by": actor,
    }
    School.update(saved).where(School.id == school.id).execute()
