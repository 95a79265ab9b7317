"""Accepting student events: one transaction, then the doorbell, then the answer."""

# This is the kiosk's path, so its statements are written once and run as they are:
# building them anew cost more than running them (0.5 to 0.8 ms a request, measured).

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from peewee import OperationalError

from vmps.db import is_sqlite, query, utc_text
from vmps.group_commit import commit_together
from vmps.models import EventType
from vmps.services.bell import ring_after_commit
from vmps.services.kiosk_view import KioskView, SchoolZone
from vmps.services.reaction import GIVE_UP_AFTER
from vmps.services.store import EventRow, Raced, places, store
from vmps.words import say_time

WAIT_SECONDS = 5.0
RACES = 3

#: Stands for the ids of the request's own events: later than any stored one.
_UNSTORED = 2**62


class Answer(StrEnum):
    """What became of one event of a request."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    ALREADY_RECORDED = "already_recorded"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """One event as a kiosk reported it, its form already checked."""

    external_id: str
    type: EventType
    occurred_at: datetime
    student_id: str
    school: SchoolZone
    reason: str = ""
    note: str = ""
    released_to: str = ""

    @property
    def school_day(self) -> str:
        """Return the school's date then, as `2026-11-23`."""
        return self.occurred_at.astimezone(self.school.zone).date().isoformat()

    @property
    def fingerprint(self) -> str:
        """Return the digest of the canonical event: the same however it was sent."""
        content = (
            self.type.value,
            utc_text(self.occurred_at),
            self.student_id,
            self.school.number,
            self.reason,
            self.note,
            self.released_to,
        )
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AcceptResult:
    """The answer for one event; `event` is our id of it."""

    external_id: str
    answer: Answer
    event: int | None = None
    detail: str = ""
    field: str = ""
    #: The id of an event of the same request that this one repeats.
    same_as: str = ""


_STUDENTS = (
    "SELECT {id_kind}, id, first_name, last_name, grade, archived_at FROM student"
    " WHERE district_id = %s AND {id_kind} IN ({places}) ORDER BY id"
)
_KNOWN = (
    "SELECT external_id, id, fingerprint FROM student_event"
    " WHERE kiosk_id = %s AND external_id IN ({places})"
)
_DAY = (
    "SELECT student_id, school_day, occurred_at, id, type FROM student_event"
    " WHERE student_id IN ({places}) AND school_day IN ({days})"
    " AND voided_at IS NULL"
)


def accept_events(
    kiosk: KioskView, events: Sequence[ReportedEvent], *, now: datetime
) -> list[AcceptResult]:
    """Store what is new, in one transaction; return an answer for each, in order."""
    for _ in range(RACES):
        try:
            return commit_together(
                lambda: _accept(kiosk, events, now), wait_seconds=WAIT_SECONDS
            )
        except Raced:
            continue
    raise OperationalError("The same events kept arriving at the same moment.")


def _accept(
    kiosk: KioskView, events: Sequence[ReportedEvent], now: datetime
) -> list[AcceptResult]:
    decision = _Decision(kiosk, events)
    results = [decision.decide(event) for event in events]
    accepted_at = utc_text(now)
    rows = [_row_of(kiosk, *new, accepted_at) for new in decision.new]
    ids = store(rows, give_up_at=utc_text(now + GIVE_UP_AFTER))
    if ids:
        ring_after_commit(kiosk.district_id)
    return [
        replace(result, event=ids.get(result.same_as or result.external_id))
        if result.event is None and result.answer is not Answer.REJECTED
        else result
        for result in results
    ]


class _Decision:
    """What is known when a request is decided; events of one request see each other."""

    def __init__(self, kiosk: KioskView, events: Sequence[ReportedEvent]) -> None:
        self._students = _find_students(kiosk, events)
        self._known = _find_known(kiosk, events)
        self._days = _find_days(self._students, events)
        #: Event, student, fingerprint.
        self.new: list[tuple[ReportedEvent, tuple[Any, ...], str]] = []

    def decide(self, event: ReportedEvent) -> AcceptResult:
        """Return the answer for one event; remember it where it is new."""
        known = self._known.get(event.external_id)
        if known is not None:
            return _seen_before(event, *known)
        matches = self._students.get(event.student_id, [])
        problem = _student_problem(matches)
        if problem:
            return AcceptResult(
                event.external_id,
                Answer.REJECTED,
                detail=problem,
                field="data.student_id",
            )
        student = matches[0]
        at = utc_text(event.occurred_at)
        day = self._days.setdefault((student[1], event.school_day), [])
        last = max((row for row in day if row[0] <= at), default=None)
        if last and last[2] == event.type.value:
            return _recorded_before(event, last)
        day.append((at, _UNSTORED + len(self.new), event.type.value, event.external_id))
        fingerprint = event.fingerprint
        self._known[event.external_id] = (None, fingerprint)
        self.new.append((event, student, fingerprint))
        return AcceptResult(event.external_id, Answer.ACCEPTED)


def _seen_before(
    event: ReportedEvent, event_id: int | None, fingerprint: str
) -> AcceptResult:
    if fingerprint == event.fingerprint:
        return AcceptResult(event.external_id, Answer.DUPLICATE, event_id)
    detail = "This id was used before for an event with other content."
    return AcceptResult(
        event.external_id, Answer.CONFLICT, event_id, detail, field="id"
    )


def _recorded_before(event: ReportedEvent, last: tuple[Any, ...]) -> AcceptResult:
    moment = datetime.fromisoformat(last[0] + "+00:00").astimezone(event.school.zone)
    detail = f"{event.type.label} was recorded at {say_time(moment)}."
    is_stored = last[1] < _UNSTORED
    return AcceptResult(
        event.external_id,
        Answer.ALREADY_RECORDED,
        last[1] if is_stored else None,
        detail,
        same_as="" if is_stored else last[3],
    )


def _student_problem(matches: Sequence[tuple[Any, ...]]) -> str:
    if not matches:
        return "No student of the district has this id."
    if len(matches) > 1:
        return "Several students of the district have this id."
    if matches[0][5] is not None:
        return "This student is no longer active."
    return ""


def _find_students(
    kiosk: KioskView, events: Sequence[ReportedEvent]
) -> dict[str, list[tuple[Any, ...]]]:
    ids = list({event.student_id for event in events})
    sql = _STUDENTS.format(id_kind=kiosk.id_kind, places=places(ids))
    if not is_sqlite():
        # Two kiosks reporting one student wait for each other; imports do not.
        sql += " FOR NO KEY UPDATE"
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in query(sql, [kiosk.district_id, *ids]):
        found.setdefault(row[0], []).append(row)
    return {key: _active_first(rows) for key, rows in found.items()}


def _active_first(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A number that was passed on means its present holder."""
    active = [row for row in rows if row[5] is None]
    return active or rows[:1]


def _find_known(
    kiosk: KioskView, events: Sequence[ReportedEvent]
) -> dict[str, tuple[int | None, str]]:
    ids = list({event.external_id for event in events})
    rows = query(_KNOWN.format(places=places(ids)), [kiosk.id, *ids])
    return {row[0]: (row[1], row[2]) for row in rows}


def _find_days(
    students: Mapping[str, Sequence[tuple[Any, ...]]], events: Sequence[ReportedEvent]
) -> dict[tuple[int, str], list[tuple[Any, ...]]]:
    ids = list({rows[0][1] for rows in students.values()})
    days = list({event.school_day for event in events})
    if not ids:
        return {}
    found: dict[tuple[int, str], list[tuple[Any, ...]]] = {}
    sql = _DAY.format(places=places(ids), days=places(days))
    for student_id, day, at, event_id, kind in query(sql, [*ids, *days]):
        moment = at if isinstance(at, str) else at.strftime("%Y-%m-%d %H:%M:%S.%f")
        found.setdefault((student_id, str(day)), []).append((moment, event_id, kind))
    return found


def _row_of(
    kiosk: KioskView,
    event: ReportedEvent,
    student: Sequence[Any],
    fingerprint: str,
    accepted_at: str,
) -> EventRow:
    return EventRow(
        kiosk.district_id,
        event.school.id,
        student[1],
        kiosk.id,
        event.external_id,
        fingerprint,
        event.type.value,
        utc_text(event.occurred_at),
        event.school_day,
        student[2],
        student[3],
        student[4],
        event.reason,
        event.note,
        event.released_to,
        accepted_at,
    )
