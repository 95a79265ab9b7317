"""Which writebacks of the log, as clauses; and where its pages begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any, Self

from peewee import Case

from vmps.models import (
    Connection,
    Status,
    Student,
    StudentEvent,
    User,
    VisibleId,
    Writeback,
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next one begins after it."""

    occurred_at: datetime
    event_id: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return what `str` gave, None for anything else."""
        moment, _, number = text.partition(",")
        try:
            at = datetime.fromisoformat(moment)
            event_id = int(number)
        except ValueError:
            return None
        if at.tzinfo is not None or not 0 <= event_id < 2**31:
            return None
        return cls(at.replace(tzinfo=UTC), event_id)

    def __str__(self) -> str:
        local = self.occurred_at.astimezone(UTC).replace(tzinfo=None)
        return f"{local.isoformat(timespec='microseconds')},{self.event_id}"

    def clause(self) -> Any:
        """Return the clause for older rows; its first half is what the index takes."""
        at = StudentEvent.occurred_at
        is_older = (at < self.occurred_at) | (StudentEvent.id < self.event_id)
        return (at <= self.occurred_at) & is_older


@dataclass(frozen=True, slots=True)
class LogFilters:
    """Which writebacks; empty and None mean any."""

    status: Status | None = None
    student: str = ""
    building: int | None = None
    first: date | None = None
    last: date | None = None
    before: Cursor | None = None

    def first_page(self) -> Self:
        """Return the same filters from the newest on."""
        return replace(self, before=None)

    def after(self, cursor: Cursor) -> Self:
        """Return the same filters for what is older."""
        return replace(self, before=cursor)

    def clauses(self, user: User) -> list[Any]:
        """Return the WHERE clauses over writeback, event and student."""
        given: tuple[tuple[object, Callable[[], Any]], ...] = (
            (self.status, lambda: Writeback.status == self.status),
            (self.building, lambda: Writeback.school == self.building),
            (self.first, lambda: _not_before(self.first or date.min)),
            (self.last, lambda: _not_after(self.last or date.max)),
            (self.student or None, lambda: _is_student(self.student, user)),
            (self.before, lambda: self.before and self.before.clause()),
        )
        return [clause() for value, clause in given if value is not None]


def _not_before(first: date) -> Any:
    """The school's day decides; no zone's day begins a day before UTC's.

    The bound of the moment says the same to the index.
    """
    earliest = datetime.combine(first, time.min, UTC) - timedelta(days=1)
    return (Writeback.school_day >= first) & (StudentEvent.occurred_at >= earliest)


def _not_after(last: date) -> Any:
    latest = datetime.combine(last, time.min, UTC) + timedelta(days=2)
    return (Writeback.school_day <= last) & (StudentEvent.occurred_at <= latest)


def _is_student(text: str, user: User) -> Any:
    """Every word is in the first or last name; or the whole is the visible id."""
    words = [_has_word(word) for word in text.split()]
    visible = Connection.select(Connection.visible_id).where(
        Connection.district == user.district_id
    )
    by_number = visible == VisibleId.STUDENT_NUMBER
    shown = Case(None, [(by_number, Student.student_number)], Student.sis_id)
    return reduce(and_, words) | (shown == text)


def _has_word(word: str) -> Any:
    """Compare without case. SQLite knows none but that of ASCII, so both are tried."""
    names = (StudentEvent.first_name, StudentEvent.last_name)
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper()}
    return reduce(or_, [n.contains(s) for n in names for s in sorted(spellings)])
