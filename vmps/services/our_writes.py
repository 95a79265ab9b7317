"""What stands, or may stand, in PowerSchool because of us: by student and day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vmps.models import Cause
from vmps.services.many_rows import date_of, in_chunks, moment_of
from vmps.services.planning.day import DAY

#: Codes that may stand in PowerSchool because of us: also what was written for one
#: event on another's claim, whose attempt says covered or why it failed by itself.
#: Where a person entered the event by hand, what stands there is theirs.
_OUR_WRITES = (
    "SELECT w.school_id, w.student_id, w.school_day, a.code, a.outcome, a.finished_at,"
    " w.cause, a.marks, a.ps_row"
    " FROM writeback w JOIN attempt a ON a.writeback_id = w.id"
    " WHERE w.student_id IN ({places}) AND w.school_day IN ({days})"
    " AND a.code IS NOT NULL AND a.outcome NOT IN ('not_sent', 'throttled',"
    " 'superseded') AND NOT (a.outcome = 'refused' AND a.cause = 'refused')"
    " ORDER BY a.id"
)

_OPEN = ("started", "ambiguous")

#: School, student and day.
DayKey = tuple[int, int, date]


@dataclass(slots=True)
class OurWrites:
    """What stands, or may stand, in PowerSchool for a student's day because of us."""

    codes: dict[str, set[str]] = field(default_factory=dict)
    #: By slot: what was written last, and what may have come after.
    newest: dict[str, set[str]] = field(default_factory=dict)
    uncertain: dict[str, dict[str, datetime]] = field(default_factory=dict)
    #: ATTENDANCE.DCID
    rows: set[int] = field(default_factory=set)

    def by_slot(self) -> dict[str, frozenset[str]]:
        """Return the codes of each slot."""
        return {slot: frozenset(codes) for slot, codes in self.codes.items()}

    @property
    def standing(self) -> dict[str, frozenset[str]]:
        """Return the codes of each slot that stand there unless somebody changed it."""
        return {slot: frozenset(codes) for slot, codes in self.newest.items()}

    def add(self, slot: str, code: str, *, is_certain: bool) -> None:
        """We wrote this code, or may have."""
        self.codes.setdefault(slot, set()).add(code)
        if is_certain:
            self.newest[slot] = {code}
        else:
            self.newest.setdefault(slot, set()).add(code)

    def doubt(self, slot: str, code: str, asked_at: datetime) -> None:
        """PowerSchool was asked for this and has not said what became of it."""
        codes = self.uncertain.setdefault(slot, {})
        codes[code] = max(asked_at, codes.get(code, asked_at))


def find_our_writes(
    students: Collection[int], days: Sequence[date]
) -> Mapping[DayKey, OurWrites]:
    """Return what we wrote, or may have, for these students on these days."""
    found: dict[DayKey, OurWrites] = defaultdict(OurWrites)
    for row in in_chunks(_OUR_WRITES, students, days):
        ours = found[row[0], row[1], date_of(row[2])]
        is_ours, asked_at = row[6] != Cause.ENTERED_BY_HAND, moment_of(row[5])
        if is_ours and row[8] is not None:
            ours.rows.add(row[8])
        for slot, code in marks_of(row[3], row[7]):
            if is_ours:
                ours.add(slot, code, is_certain=row[4] not in _OPEN)
            if row[4] == "ambiguous" and asked_at:
                ours.doubt(slot, code, asked_at)
    return found


def marks_of(code: str, marks: str) -> Iterable[tuple[str, str]]:
    """Yield slot and code of what one attempt wrote."""
    if not marks:
        yield DAY, code
        return
    for slot, marked, _prior in json.loads(marks):
        yield slot, marked
