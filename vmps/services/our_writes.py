"""What stands, or may stand, in PowerSchool because of us: by student and day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vmps.db import date_of, moment_of
from vmps.models import Cause
from vmps.services.many_rows import in_chunks
from vmps.services.planning.day import BLANK, DAY, Before

#: Codes that may stand in PowerSchool because of us: also what was written for one
#: event on another's claim, whose attempt says covered or why it failed by itself.
#: Where a person entered the event by hand, what stands there is theirs.
_OUR_WRITES = (
    "SELECT w.school_id, w.student_id, w.school_day, a.outcome, a.finished_at, w.cause,"
    " a.ps_row, a.code, a.prior_code, a.marks"
    " FROM writeback w JOIN attempt a ON a.writeback_id = w.id"
    " WHERE w.student_id IN ({places}) AND w.school_day IN ({days})"
    " AND a.code IS NOT NULL AND a.outcome NOT IN ('not_sent', 'throttled',"
    " 'superseded') AND NOT (a.outcome = 'refused' AND a.cause = 'refused')"
    " ORDER BY a.id"
)

_OPEN = ("started", "ambiguous")

#: School, student and day.
DayKey = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class Marked:
    """What one attempt wrote to one slot, and what it replaced."""

    slot: str
    code: str
    #: None where there was no row.
    prior_code: str | None
    #: Time mode only: the minutes attended that it replaced, where they are known.
    prior_minutes: int | None = None
    #: ATTENDANCE.DCID of the row that it changed, where it named one.
    dcid: int | None = None

    @property
    def before(self) -> Before:
        """Return what it replaced."""
        return Before(self.prior_code or BLANK, self.prior_minutes)


@dataclass(slots=True)
class OurWrites:
    """What stands, or may stand, in PowerSchool for a student's day because of us."""

    codes: dict[str, set[str]] = field(default_factory=dict)
    #: By slot: what somebody else had marked when we wrote there.
    before: dict[str, Before] = field(default_factory=dict)
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

    def add(self, marked: Marked, *, is_certain: bool) -> None:
        """We wrote this, or may have; what stood there before comes back as theirs."""
        slot, code, before = marked.slot, marked.code, marked.before
        if marked.dcid is not None:  # the answer, which tells it too, may be lost
            self.rows.add(marked.dcid)
        ours = self.codes.setdefault(slot, set())
        is_cleared = before.code == BLANK and BLANK not in self.newest.get(slot, ours)
        if before.code not in ours or is_cleared:
            self.before[slot] = before
        is_put_back = code != BLANK and code == self.before[slot].code
        if not is_put_back:
            ours.add(code)
        newest = set() if is_put_back else {code}
        if is_certain:
            self.newest[slot] = newest
        else:
            self.newest.setdefault(slot, set()).update(newest)

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
        outcome, asked_at = row[3], moment_of(row[4])
        is_ours = row[5] != Cause.ENTERED_BY_HAND
        if is_ours and row[6] is not None:
            ours.rows.add(row[6])
        for marked in marks_of(*row[7:10]):
            if is_ours:
                ours.add(marked, is_certain=outcome not in _OPEN)
            if outcome == "ambiguous" and asked_at:
                ours.doubt(marked.slot, marked.code, asked_at)
    return found


def marks_of(code: str, prior_code: str | None, marks: str) -> Iterable[Marked]:
    """Yield what one attempt wrote, slot by slot, from its columns."""
    if not marks:
        yield Marked(DAY, code, prior_code)
        return
    for mark in json.loads(marks):
        yield Marked(*mark)
