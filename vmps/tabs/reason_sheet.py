"""The sheet of reasons on Student Tracking: its rows as shown, and as sent back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vmps.models import EventType, School
from vmps.services.list_reasons import SchoolReasons, Unmapped, find_unknown
from vmps.services.look_up_codes import SchoolCodes
from vmps.services.problems import Missing, Problem
from vmps.services.reasons import (
    Added,
    Mapped,
    ReasonsRefused,
    clean_code,
    clean_label,
)

# Ids of the database's integers have up to ten digits; nine are plenty.
_CODE_OF_REASON = re.compile(r"code-([0-9]{1,9})")
_CODE_OF_EVENT = re.compile(r"code-event-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Row:
    """One reason as a template shows it; `name` is in the names of its fields."""

    name: str
    label: str
    code: str = ""
    was: str = ""
    kind: EventType | None = None
    notes: Sequence[str] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the school has, over which lies what a person typed and was told."""

    reasons: SchoolReasons
    codes: SchoolCodes | None
    is_enabled: bool
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def known(self, kind: EventType) -> list[Row]:
        """Return the rows of one type's reasons, in order."""
        rows = []
        for view in self.reasons.known:
            if view.kind is kind:
                name, stored = str(view.id), view.code or ""
                code = self._typed_code(name, stored)
                notes = tuple(self._notes(code, stored, view.failed_today))
                error = self.errors.get(name, "")
                rows.append(Row(name, view.label, code, stored, kind, notes, error))
        return rows

    def unknown(self) -> list[Row]:
        """Return a row for each reason that kiosks sent and that is not there."""
        rows = []
        for found in self.reasons.unknown:
            name = f"event-{found.event_id}"
            code, error = self._typed_code(name, ""), self.errors.get(name, "")
            notes = (found.kind.label, _how_often(found))
            rows.append(Row(name, found.label, code, "", found.kind, notes, error))
        return rows

    def blank(self, kind: EventType) -> Row:
        """Return the row to add a reason in."""
        name = f"new-{kind}"
        label, code = self.typed.get(f"label-{name}", ""), self._typed_code(name, "")
        return Row(name, label, code, kind=kind, error=self.errors.get(name, ""))

    def _typed_code(self, name: str, otherwise: str) -> str:
        return self.typed.get(f"code-{name}", otherwise)

    def _notes(self, code: str, stored: str, failed_today: int) -> Iterator[str]:
        if self.codes and code:
            yield self.codes.describe(code.strip())
        if not stored and self.is_enabled:
            yield "No code yet: events with this reason are not sent."
        if failed_today:
            yield f"{failed_today} failed today for want of a code."


def read_sheet(
    sent: Mapping[str, str], school: School
) -> tuple[list[Mapped], list[Added]]:
    """Return what was changed and added; ReasonsRefused where it cannot be."""
    errors: dict[str, str] = {}
    mapped = [m for m in _mapped(sent, errors) if m.code != m.was]
    added = [*_from_kiosks(sent, school, errors), *_typed_new(sent, errors)]
    if errors:
        raise ReasonsRefused(errors)
    return mapped, added


def _how_often(found: Unmapped) -> str:
    if found.count == found.today:
        return f"{found.today} today"
    return f"{found.today} today, {found.count} in the last 7 days"


def _mapped(sent: Mapping[str, str], errors: dict[str, str]) -> Iterator[Mapped]:
    for name, text in sent.items():
        if match := _CODE_OF_REASON.fullmatch(name):
            row = match[1]
            code = _cleaned(clean_code, text, row, errors)
            was = sent.get(f"was-{row}", "")
            yield Mapped(row, int(row), code or None, was or None)


def _from_kiosks(
    sent: Mapping[str, str], school: School, errors: dict[str, str]
) -> Iterator[Added]:
    """Take the label from the event, not from the form: browsers change line ends."""
    rows = {
        int(match[1]): text
        for name, text in sent.items()
        if text.strip() and (match := _CODE_OF_EVENT.fullmatch(name))
    }
    found = find_unknown(school, rows) if rows else {}
    if found.keys() != rows.keys():
        raise Missing("The event of that reason is not one of this school's.")
    for event_id, text in rows.items():
        row = f"event-{event_id}"
        code = _cleaned(clean_code, text, row, errors)
        yield Added(row, found[event_id].kind, found[event_id].label, code)


def _typed_new(sent: Mapping[str, str], errors: dict[str, str]) -> Iterator[Added]:
    for kind in EventType:
        row = f"new-{kind}"
        label, code = sent.get(f"label-{row}", ""), sent.get(f"code-{row}", "")
        if label.strip() or code.strip():
            code = _cleaned(clean_code, code, row, errors)
            label = _cleaned(clean_label, label, row, errors)
            yield Added(row, kind, label, code or None)


def _cleaned(
    clean: Callable[[str], str], text: str, row: str, errors: dict[str, str]
) -> str:
    try:
        return clean(text)
    except Problem as problem:
        errors[row] = problem.message
        return text
