"""Commits: what is wanted becomes inserts and updates, in the table and the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from vmps.simulator.attendance import (
    INSERT,
    TIME,
    UPDATE,
    Attendance,
    Change,
    Key,
)
from vmps.simulator.columns import Row
from vmps.simulator.district import District
from vmps.simulator.school_years import yearid_of
from vmps.simulator.simulation import Simulation


@dataclass(slots=True)  # not frozen: made for every record, in a third of the time
class Wanted:
    """A checked write; None keeps what an existing row holds."""

    studentid: int
    schoolid: int
    day: date
    mode: str
    attendance_codeid: int
    comment: str | None = None
    total_minutes: int | None = None
    programid: int | None = None
    dcid: int | None = None
    ccid: int = 0
    periodid: int = 0
    att_interval: int = 0

    @property
    def key(self) -> Key:
        """What the row would be of."""
        day = self.studentid, self.schoolid, self.day.isoformat(), self.mode
        return *day, self.ccid, self.periodid, self.att_interval


def commit(
    simulation: Simulation, wanted: Iterable[Wanted], *, endpoint: str, by: str
) -> list[Change]:
    """Insert or update one row for each wish, in order, and journal them at once."""
    books = Books(simulation.district, simulation.attendance)
    changes = books.enter(wanted, at=datetime.now(UTC), endpoint=endpoint, by=by)
    simulation.journal.append(changes)
    return changes


@dataclass(frozen=True)
class Books:
    """A district with its attendance, where wishes are entered; no journal is kept."""

    district: District
    attendance: Attendance

    def enter(
        self, wanted: Iterable[Wanted], *, at: datetime, endpoint: str, by: str
    ) -> list[Change]:
        """Insert or update one row for each wish, in order."""
        moment = at.isoformat(timespec="milliseconds")
        changes = []
        for wish in wanted:
            change = _change(self, wish, at=moment, endpoint=endpoint, by=by)
            self.attendance.apply(change)
            changes.append(change)
        return changes


def _change(books: Books, wish: Wanted, *, at: str, endpoint: str, by: str) -> Change:
    held = _held_row(books.attendance, wish)
    school = books.district.schools[wish.schoolid]
    code = books.district.codes[wish.attendance_codeid]
    kept: Row = held or {"dcid": books.attendance.next_dcid, "programid": 0}
    comment, minutes, program = wish.comment, wish.total_minutes, wish.programid
    if comment is None:
        comment = _text(kept, "att_comment")
    if minutes is None:
        minutes = _number(kept, "total_minutes")
    if program is None:
        program = _number(kept, "programid")
    return Change(
        n=0,  # the journal numbers it
        at=at,
        endpoint=endpoint,
        action=INSERT if held is None else UPDATE,
        dcid=_number(kept, "dcid") or 0,
        studentid=wish.studentid,
        schoolid=wish.schoolid,
        yearid=yearid_of(wish.day),
        att_date=wish.day.isoformat(),
        att_mode_code=wish.mode,
        attendance_codeid=wish.attendance_codeid,
        att_code=_text(code, "att_code"),
        att_comment=comment or None,  # an empty text is null there
        total_minutes=minutes,
        calendar_dayid=school.calendar_day_id(wish.day),
        programid=program or 0,
        by=by,
        ccid=wish.ccid,
        periodid=wish.periodid,
        att_interval=wish.att_interval,
    )


def _held_row(attendance: Attendance, wish: Wanted) -> Row | None:
    """Return the row to update: time rows are updated by DCID only."""
    if wish.mode == TIME:
        return None if wish.dcid is None else attendance.rows[wish.dcid]
    return attendance.upsertable(wish.key)


def _number(row: Row, name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) else None


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) else None
