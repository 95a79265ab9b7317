"""The sheet of reasons on Student Tracking: its rows as shown, and as sent back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vmps.models import EventType, School
from vmps.services.list_reasons import (
    ReasonView,
    SchoolReasons,
    Unmapped,
    find_unknown,
)
from vmps.services.problems import Missing, Problem
from vmps.services.reason_rows import clean_code, clean_label
from vmps.services.reasons import Added, Mapped, ReasonsRefused
from vmps.services.school_codes import SchoolCodes

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
    #: What was typed as its new name; of a row that can be renamed.
    renamed: str = ""
    can_move_up: bool = False
    can_move_down: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together under a title; none where they are what applies."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Table:
    """The reasons of one type, with a row to add one."""

    kind: EventType
    groups: Sequence[Group]
    blank: Row

    @property
    def rows(self) -> list[Row]:
        """Return all rows of reasons."""
        return [row for group in self.groups for row in group.rows]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the school has, over which lies what a person typed and was told."""

    reasons: SchoolReasons
    codes: SchoolCodes | None
    is_enabled: bool
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def table(self, kind: EventType) -> Table:
        """Return one type's table: what applies, what is kept, what is hidden."""
        reasons, other = self.reasons, "disabled" if self.is_enabled else "enabled"
        applying, kept = reasons.applying(kind), reasons.kept(kind)
        hidden = reasons.hidden(kind)
        what = "without" if self.is_enabled else "with"
        groups = [
            Group("", self._rows(applying)),
            Group(
                f"{len(kept)} {what} a code, kept for when the school is {other}",
                self._rows(kept),
            ),
            Group(f"{len(hidden)} hidden, not offered any more", self._rows(hidden)),
        ]
        shown = [group for group in groups if group.rows or not group.title]
        return Table(kind, shown, self.blank(kind))

    def _rows(self, views: Sequence[ReasonView]) -> list[Row]:
        last = len(views) - 1
        return [self._row(view, n > 0, n < last) for n, view in enumerate(views)]

    def _row(self, view: ReasonView, can_move_up: bool, can_move_down: bool) -> Row:
        name, stored = str(view.id), view.code or ""
        code = self._typed_code(name, stored)
        return Row(
            name,
            view.label,
            code,
            stored,
            view.kind,
            tuple(self._notes(view, code, stored)),
            self.errors.get(name, ""),
            self.typed.get(f"label-{name}", view.label),
            can_move_up and not view.is_hidden,
            can_move_down and not view.is_hidden,
            view.is_hidden,
        )

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

    def _notes(self, view: ReasonView, code: str, stored: str) -> Iterator[str]:
        if self.codes and code:
            yield self.codes.describe(code.strip(), view.kind)
        if not stored and self.is_enabled:
            yield "No code yet: events with this reason are not sent."
        if view.failed_today:
            yield f"{view.failed_today} failed today for want of a code."


def read_sheet(
    sent: Mapping[str, str], school: School
) -> tuple[list[Mapped], list[Added]]:
    """Return what was changed and added; ReasonsRefused where it cannot be."""
    errors: dict[str, str] = {}
    mapped = [m for m in _mapped(sent, errors) if m.is_change]
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
            label = _renamed(sent, row, errors)
            yield Mapped(row, int(row), code or None, was or None, label)


def _renamed(sent: Mapping[str, str], row: str, errors: dict[str, str]) -> str | None:
    """Return the new name, None where it stays: line ends and spaces are no change."""
    typed, named = sent.get(f"label-{row}"), sent.get(f"named-{row}", "")
    if typed is None or "".join(typed.split()) == "".join(named.split()):
        return None
    return _cleaned(clean_label, typed, row, errors)


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
