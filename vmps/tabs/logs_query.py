"""The log's filters in its address: read from it, written back, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from flask import url_for

from vmps.models import School, Status
from vmps.services.log_filters import Cursor, LogFilters
from vmps.web.access import is_id
from vmps.web.formats import day

LONGEST_SEARCH = 200
YEARS = range(1900, 2200)

_NO_DATE = "{label} is no date: choose one, or write it like 2026-11-23."
_BACKWARDS = "To is before From: choose a later date."
_NO_STATUS = "There is no such status."


@dataclass(frozen=True, slots=True)
class LogQuery(LogFilters):
    """The filters of a query string, and what is wrong with it."""

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


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the list without it."""

    text: str
    url: str


def chips(filters: LogQuery, schools: Sequence[School]) -> list[Chip]:
    """Return a chip for each filter that is set."""
    names = {school.id: school.name for school in schools}
    words = {
        "status": filters.status and f"Status: {filters.status.label}",
        "student": filters.student and f"Student: {filters.student}",
        "building": filters.building and f"Building: {names[filters.building]}",
        "from": filters.first and f"From: {day(filters.first)}",
        "to": filters.last and f"To: {day(filters.last)}",
    }
    return [Chip(text, _without(filters, name)) for name, text in words.items() if text]


def _without(filters: LogQuery, name: str) -> str:
    kept: dict[str, Any] = filters.first_page().args()
    kept.pop(name, None)
    return url_for("logs.index", **kept)


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


def _read_building(args: Mapping[str, str]) -> int | None:
    """Return the id; 0, which is nobody's, for what is no id."""
    text = args.get("building", "").strip()
    if not text:
        return None
    return int(text) if is_id(text) else 0


def _plain(text: str) -> str:
    """Leave out what PostgreSQL cannot take: NUL, and halves of characters."""
    return text.replace("\0", "").encode(errors="ignore").decode()
