"""The log's filters: read from a page's address, written back into one, as clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

LONGEST_SEARCH = 200
YEARS = range(1900, 2200)

_NO_DATE = "{label} is no date: choose one, or write it like 2026-11-23."
_BACKWARDS = "To is before From: choose a later date."
_NO_STATUS = "There is no such status."


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
    #: What was given and could not be read: parameter, its text, what is wrong.
    mistakes: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Return the filters of a query string; what it does not know it ignores."""
        mistakes: list[tuple[str, str, str]] = []
        first = _read_date(args, "from", "From", mistakes)
        last = _read_date(args, "to", "To", mistakes)
        if first and last and last < first:
            mistakes.append(("to", last.isoformat(), _BACKWARDS))
        status = args.get("status", "").strip().lower()
        if status and status not in list(Status):
            mistakes.append(("status", status, _NO_STATUS))
        return cls(
            status=Status(status) if status in list(Status) else None,
            student=" ".join(_plain(args.get("student", "")).split())[:LONGEST_SEARCH],
            building=_read_building(args),
            first=first,
            last=last,
            before=Cursor.parse(args.get("before", "")),
            mistakes=tuple(mistakes),
        )

    @property
    def errors(self) -> dict[str, str]:
        """Return what is wrong, by parameter."""
        return {name: problem for name, _, problem in self.mistakes}

    @property
    def is_narrowed(self) -> bool:
        """Tell whether any filter is set."""
        return bool(self.first_page().args())

    def args(self) -> dict[str, str]:
        """Return the query string's parameters, only those that are set."""
        given = {
            "status": self.status and self.status.value,
            "student": self.student,
            "building": self.building is not None and str(self.building),
            "from": self.first and self.first.isoformat(),
            "to": self.last and self.last.isoformat(),
            "before": self.before and str(self.before),
        }
        typed = {name: text for name, text, _ in self.mistakes}
        return {name: str(v) for name, v in (given | typed).items() if v}

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


def _read_date(
    args: Mapping[str, str],
    name: str,
    label: str,
    mistakes: list[tuple[str, str, str]],
) -> date | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    try:
        given = date.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.year not in YEARS:
        problem = _NO_DATE.format(label=label)
        mistakes.append((name, _plain(text)[:LONGEST_SEARCH], problem))
        return None
    return given


def _not_before(first: date) -> Any:
    """The school's day decides; no zone's day begins a day before UTC's.

    The bound of the moment says the same to the index.
    """
    earliest = datetime.combine(first, time.min, UTC) - timedelta(days=1)
    return (Writeback.school_day >= first) & (StudentEvent.occurred_at >= earliest)


def _not_after(last: date) -> Any:
    latest = datetime.combine(last, time.min, UTC) + timedelta(days=2)
    return (Writeback.school_day <= last) & (StudentEvent.occurred_at <= latest)


def _read_building(args: Mapping[str, str]) -> int | None:
    """Return the id; 0, which is nobody's, for what is no id."""
    text = args.get("building", "").strip()
    if not text:
        return None
    is_id = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_id else 0


def _plain(text: str) -> str:
    """Leave out what PostgreSQL cannot take: NUL, and halves of characters."""
    return text.replace("\0", "").encode(errors="ignore").decode()


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
