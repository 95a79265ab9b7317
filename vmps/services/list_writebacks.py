"""The log as commands print it, of any district; a user's own is in `read_log`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vmps.models import (
    Attempt,
    Cause,
    District,
    EventType,
    School,
    Status,
    Student,
    StudentEvent,
    Writeback,
)
from vmps.services.catalogue import Explanation
from vmps.services.explain import explain
from vmps.services.problems import Missing


@dataclass(frozen=True, slots=True)
class WritebackFilters:
    """Which writebacks; None means any. `before` is the last id of a page."""

    district_id: int | None = None
    school_id: int | None = None
    status: Status | None = None
    day: date | None = None
    before: int | None = None

    def clauses(self) -> list[Any]:
        """Return the WHERE clauses."""
        given = (
            (self.district_id, Writeback.district),
            (self.school_id, Writeback.school),
            (self.status, Writeback.status),
            (self.day, Writeback.school_day),
        )
        clauses: list[Any] = [c == value for value, c in given if value is not None]
        if self.before is not None:
            clauses.append(Writeback.id < self.before)
        return clauses


@dataclass(frozen=True, slots=True)
class WritebackView:
    """One line of the log; times are the school's; no names."""

    id: int
    event: int
    district: int
    school_number: str
    type: EventType
    sis_id: str
    ps_id: int | None
    occurred_at: datetime
    school_day: date
    grade: str
    reason: str
    status: Status
    cause: Cause | None
    explanation: Explanation
    is_void: bool


@dataclass(frozen=True, slots=True)
class WritebackStory:
    """One writeback with its event and every attempt."""

    view: WritebackView
    student: str
    kiosk: str
    note: str
    released_to: str
    detail: str
    accepted_at: datetime
    voided_at: datetime | None
    due_at: datetime
    give_up_at: datetime | None
    settled_at: datetime | None
    tries: int
    covered_by: int | None
    attempts: tuple[Attempt, ...]


def list_writebacks(filters: WritebackFilters, *, limit: int) -> list[WritebackView]:
    """Return up to `limit` writebacks, newest first."""
    query = _joined().order_by(Writeback.id.desc())
    clauses = filters.clauses()
    query = query.where(*clauses) if clauses else query
    return [_view(row) for row in query.limit(limit)]


def show_writeback(writeback_id: int) -> WritebackStory:
    """Return everything known of one writeback."""
    row = _joined().where(Writeback.id == writeback_id).first()
    if row is None:
        raise Missing(f"There is no writeback {writeback_id}.")
    event = row.event
    attempts = Attempt.select().where(Attempt.writeback == row).order_by(Attempt.id)
    return WritebackStory(
        view=_view(row),
        student=f"{event.first_name} {event.last_name}",
        kiosk=event.kiosk.public_id,
        note=event.note,
        released_to=event.released_to,
        detail=row.detail,
        accepted_at=event.accepted_at,
        voided_at=event.voided_at,
        due_at=row.due_at,
        give_up_at=row.give_up_at,
        settled_at=row.settled_at,
        tries=row.tries,
        covered_by=row.covered_by.id if row.covered_by else None,
        attempts=tuple(attempts),
    )


def _joined() -> Any:
    """Return writebacks with all that a line shows, in one query."""
    return (
        Writeback.select(Writeback, StudentEvent, Student, School, District)
        .join_from(Writeback, StudentEvent, on=(Writeback.event == StudentEvent.id))
        .join_from(Writeback, Student)
        .join_from(Writeback, School)
        .join_from(School, District)
    )


def _view(row: Writeback) -> WritebackView:
    event, school = row.event, row.school
    status = Status(row.status)
    cause = Cause(row.cause) if row.cause else None
    is_void = event.voided_at is not None
    return WritebackView(
        id=row.id,
        event=event.id,
        district=school.district.id,
        school_number=school.number,
        type=EventType(event.type),
        sis_id=row.student.sis_id,
        ps_id=row.student.ps_id,
        occurred_at=event.occurred_at.astimezone(school.zone),
        school_day=row.school_day,
        grade=event.grade,
        reason=event.reason,
        status=status,
        cause=cause,
        explanation=explain(status, cause, row.detail, is_void=is_void),
        is_void=is_void,
    )
