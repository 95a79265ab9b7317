"""Reading the log as a user sees it: a page of rows, newest first, and one row."""

# Rows come in the order of the events' index (district, occurred_at): a page costs the
# same however far back it lies, and none shifts while new events come.

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from vmps.db import tuples
from vmps.models import (
    Attempt,
    Cause,
    EventChange,
    EventType,
    Outcome,
    Reason,
    School,
    Status,
    Student,
    StudentEvent,
    User,
    Writeback,
    label_key,
)
from vmps.services.catalogue import Explanation
from vmps.services.explain import explain
from vmps.services.log_filters import Cursor, LogFilters
from vmps.services.problems import Missing
from vmps.services.retry import may_retry
from vmps.services.schools import list_schools_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the log; names and grade are as they were when it happened."""

    id: int
    event_id: int
    type: EventType
    student: str
    ps_id: int | None
    school_id: int
    school: str
    zone: ZoneInfo
    occurred_at: datetime
    grade: str
    reason: str
    code: str | None
    status: Status
    cause: Cause | None
    explanation: Explanation
    can_retry: bool
    is_void: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some rows, and the filters of the page of older ones, if there are any."""

    rows: tuple[LogRow, ...]
    older: LogFilters | None
    #: Of the district's or the user's schools: by name, for the Building filter.
    schools: tuple[School, ...]

    @property
    def has_pending(self) -> bool:
        """Tell whether anything shown still waits to be sent."""
        return any(row.status is Status.PENDING for row in self.rows)


def read_log(user: User, filters: LogFilters) -> LogPage:
    """Return a page of the user's log; a building that is not theirs is missing."""
    schools = tuple(list_schools_of(user))
    known = {school.id: school for school in schools}
    if filters.building is not None and filters.building not in known:
        raise Missing("There is no such building, or it is not one of yours.")
    clauses = filters.clauses(user)
    query = _rows(user).where(*clauses) if clauses else _rows(user)
    found = list(query.limit(PAGE_SIZE + 1))
    shown = found[:PAGE_SIZE]
    codes = _codes({row.school_id for row in shown})
    rows = tuple(_row(row, known[row.school_id], codes) for row in shown)
    older = None
    if len(found) > len(shown):
        last = rows[-1]
        older = filters.after(Cursor(last.occurred_at, last.event_id))
    return LogPage(rows, older, schools)


def read_row(user: User, writeback_id: int) -> LogRow:
    """Return one row of the user's log."""
    row = _rows(user).where(Writeback.id == writeback_id).first()
    if row is None:
        raise Missing("There is no such writeback.")
    school = School.get_by_id(row.school_id)
    school.district = user.district  # known already: its zone costs no query
    return _row(row, school, _codes({row.school_id}))


def _rows(user: User) -> Any:
    """Return the user's writebacks with event and student, newest first."""
    return (
        Writeback.visible_to(user)
        .select(Writeback, StudentEvent, Student.id, Student.ps_id, _written_code())
        .join_from(Writeback, StudentEvent, on=(Writeback.event == StudentEvent.id))
        .join_from(Writeback, Student, on=(Writeback.student == Student.id))
        .where(StudentEvent.district == user.district_id)
        .order_by(StudentEvent.occurred_at.desc(), StudentEvent.id.desc())
    )


def _written_code() -> Any:
    """Return the code that was last written for the row, whatever is mapped today.

    Where each class has a row, an attempt has no one code: the reason's own stands.
    So it does where only what the event said before a change was written for itself.
    """
    since = EventChange.select(EventChange.id).where(
        EventChange.event == Writeback.event, EventChange.at > Attempt.started_at
    )
    written = Attempt.select(Attempt.code).where(
        Attempt.writeback == Writeback.id,
        Attempt.outcome == Outcome.WRITTEN,
        Attempt.marks == "",
        ~fn.EXISTS(since),
    )
    return written.order_by(Attempt.id.desc()).limit(1).alias("written_code")


_Codes = Mapping[tuple[int, str, str], str | None]


def _codes(school_ids: Collection[int]) -> _Codes:
    if not school_ids:
        return {}
    rows = tuples(
        Reason.select(Reason.school, Reason.type, Reason.label, Reason.code).where(
            Reason.school.in_(sorted(school_ids))
        )
    )
    return {(row[0], row[1], label_key(row[2])): row[3] for row in rows}


def _row(row: Any, school: School, codes: _Codes) -> LogRow:
    event = row.event
    status = Status(row.status)
    cause = Cause(row.cause) if row.cause else None
    mapped = codes.get((row.school_id, event.type, label_key(event.reason)))
    is_void = event.voided_at is not None
    is_by_hand = cause is Cause.ENTERED_BY_HAND
    is_written = status is Status.SUCCESSFUL and cause is None
    return LogRow(
        id=row.id,
        event_id=event.id,
        type=EventType(event.type),
        student=f"{event.first_name} {event.last_name}".strip(),
        ps_id=row.student.ps_id,
        school_id=school.id,
        school=school.name,
        zone=school.zone,
        occurred_at=event.occurred_at,
        grade=event.grade,
        reason=event.reason,
        code=(is_written and row.written_code) or mapped,
        status=status,
        cause=cause,
        explanation=explain(status, cause, _told(row, cause), is_void=is_void),
        can_retry=may_retry(status, school) and not (is_void and is_by_hand),
        is_void=is_void,
    )


def _told(row: Any, cause: Cause | None) -> str:
    """Return the detail that may stand in a sentence: never another student's name."""
    return "" if cause is Cause.WRONG_STUDENT else str(row.detail)
