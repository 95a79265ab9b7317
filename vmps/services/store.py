"""Storing accepted events with their writebacks: one statement for each table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from vmps.db import query

_ADD_EVENTS = (
    "INSERT INTO student_event (district_id, school_id, student_id, kiosk_id,"
    " external_id, fingerprint, type, occurred_at, school_day, first_name, last_name,"
    " grade, reason, note, released_to, accepted_at) VALUES {rows}"
    " ON CONFLICT (kiosk_id, external_id) DO NOTHING RETURNING external_id, id,"
    " (SELECT is_enabled FROM school WHERE school.id = student_event.school_id)"
)
_ADD_WRITEBACKS = (
    "INSERT INTO writeback (event_id, district_id, school_id, student_id, school_day,"
    " status, cause, settled_at, due_at, give_up_at, tries, revision, is_ambiguous,"
    " detail) VALUES {rows}"
)


class Raced(Exception):
    """Another request stored one of these ids meanwhile: decide again."""


class EventRow(NamedTuple):
    """One event in the order of its table's columns."""

    district_id: int
    school_id: int
    student_id: int
    kiosk_id: int
    external_id: str
    fingerprint: str
    type: str
    occurred_at: str
    school_day: str
    first_name: str
    last_name: str
    grade: str
    reason: str
    note: str
    released_to: str
    accepted_at: str


class _Stored(NamedTuple):
    """An event as the database took it; `is_sent` while its school is enabled."""

    id: int
    is_sent: bool


def store(rows: Sequence[EventRow], *, give_up_at: str) -> dict[str, int]:
    """Store the events and what is owed for each; return ids by the kiosk's own.

    What a disabled school reports is kept, and not sent.
    """
    if not rows:
        return {}
    stored = {
        row[0]: _Stored(row[1], bool(row[2])) for row in _insert(_ADD_EVENTS, rows)
    }
    if len(stored) != len(rows):
        raise Raced
    owed = [_owed(row, stored[row.external_id], give_up_at) for row in rows]
    _insert(_ADD_WRITEBACKS, owed)
    return {external_id: event.id for external_id, event in stored.items()}


def _owed(row: EventRow, event: _Stored, give_up_at: str) -> tuple[object, ...]:
    status = (
        ("pending", None, None)
        if event.is_sent
        else ("not_sent", "school_disabled", row.accepted_at)
    )
    place = (row.district_id, row.school_id, row.student_id, row.school_day)
    return (event.id, *place, *status, row.accepted_at, give_up_at, 0, 0, False, "")


def places(values: Sequence[object]) -> str:
    """Return a `%s` for every value."""
    return ", ".join(["%s"] * len(values))


def _insert(sql: str, rows: Sequence[tuple[object, ...]]) -> list[tuple[Any, ...]]:
    one = f"({places(rows[0])})"
    statement = sql.format(rows=", ".join([one] * len(rows)))
    return query(statement, [value for row in rows for value in row])
