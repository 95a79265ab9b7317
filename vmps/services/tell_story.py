"""The whole story of one writeback as a user may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vmps.models import (
    Attempt,
    Cause,
    Connection,
    EventChange,
    Kiosk,
    Outcome,
    Status,
    Student,
    StudentEvent,
    User,
    VisibleId,
    Writeback,
)
from vmps.services.change_event import why_not_changed, why_too_old
from vmps.services.count_tardies import say_timing
from vmps.services.enter_by_hand import ENTERABLE, warn_of_late_write
from vmps.services.explain import explain_cause, explain_outcome
from vmps.services.happenings import (
    Happening,
    list_changes,
    reason_then,
    tell_changes,
    tell_deeds,
)
from vmps.services.our_writes import marks_of
from vmps.services.problems import Missing
from vmps.services.read_log import LogRow, read_row

_BLANK = "blank (present)"
#: Answers to a call for this record alone; others may hold other students' records.
_OWN_ANSWERS = {Outcome.WRITTEN, Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt in words; `why` is its cause, `answer` what PowerSchool said."""

    id: int
    at: datetime
    seconds: float | None
    outcome: str
    why: str
    http_status: int | None
    code: str | None
    prior_code: str | None
    ps_row: int | None
    request: str
    answer: str
    #: There is an answer that this user may not read.
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One writeback: its row, the facts of its event, and what happened so far."""

    row: LogRow
    visible_id_label: str
    visible_id: str
    school_day: date
    #: That a check-in was before the school's Late Check-in Time; else nothing.
    timing: str
    note: str
    released_to: str
    kiosk: str
    accepted_at: datetime
    settled_at: datetime | None
    #: Who the id belongs to in PowerSchool; for district admins only.
    other_student: str
    covered_by: int | None
    next_try_at: datetime | None
    give_up_at: datetime | None
    can_enter_by_hand: bool
    #: That an earlier try of the day may still reach PowerSchool, if so.
    late_warning: str
    #: It can be voided or corrected; it was not voided, and is recent.
    can_change: bool
    #: Its void can be taken back, unless another event says the same by now.
    can_restore: bool
    timeline: tuple[Happening | Try, ...]


def tell_story(user: User, writeback_id: int, *, now: datetime) -> Story:
    """Return the story of one of the user's writebacks."""
    row = read_row(user, writeback_id)
    kept = _load(writeback_id)
    event, is_pending = kept.event, row.status is Status.PENDING
    label, visible_id = _visible_id(user, kept.student)
    is_wrong = row.cause is Cause.WRONG_STUDENT and user.is_district_admin
    is_by_hand = row.cause is Cause.ENTERED_BY_HAND
    return Story(
        row=row,
        visible_id_label=label,
        visible_id=visible_id,
        school_day=kept.school_day,
        timing=say_timing(row.school_id, row.type, row.occurred_at),
        note=event.note,
        released_to=event.released_to,
        kiosk=event.kiosk.name,
        accepted_at=event.accepted_at,
        settled_at=kept.settled_at,
        other_student=kept.detail if is_wrong else "",
        covered_by=_cover(user, kept),
        next_try_at=kept.due_at if is_pending and kept.due_at > now else None,
        give_up_at=kept.give_up_at if is_pending else None,
        can_enter_by_hand=row.status in ENTERABLE and not is_by_hand,
        late_warning=warn_of_late_write(kept, now=now),
        can_change=not why_not_changed(kept, now),
        can_restore=row.is_void and not why_too_old(kept, now),
        timeline=_timeline(user, kept, row),
    )


def _load(writeback_id: int) -> Any:
    found = (
        Writeback.select(Writeback, StudentEvent, Kiosk, Student)
        .join_from(Writeback, StudentEvent, on=(Writeback.event == StudentEvent.id))
        .join_from(StudentEvent, Kiosk)
        .join_from(Writeback, Student)
        .where(Writeback.id == writeback_id)
        .first()
    )
    if found is None:
        raise Missing("There is no such writeback.")
    return found


def _visible_id(user: User, student: Student) -> tuple[str, str]:
    connection = Connection.get_or_none(Connection.district == user.district_id)
    if connection and connection.visible_id == VisibleId.STUDENT_NUMBER:
        return "Student Number", student.student_number
    return "SIS ID", student.sis_id


def _cover(user: User, kept: Any) -> int | None:
    """Return the writeback of the event that stands for this one."""
    if kept.covered_by_id is None:
        return None
    other = Writeback.visible_to(user).where(Writeback.event == kept.covered_by_id)
    found = other.first()
    return found.id if found else None


def _timeline(user: User, kept: Any, row: LogRow) -> tuple[Happening | Try, ...]:
    event = kept.event
    moments: list[Happening | Try] = [
        Happening(event.accepted_at, f"Reported by the kiosk {event.kiosk.name}")
    ]
    changes = list_changes(event.id)
    moments += tell_changes(event, changes, row.zone)
    moments += tell_deeds(kept.id, event, changes)
    attempts = list(Attempt.select().where(Attempt.writeback == kept.id))
    newest = max((attempt.id for attempt in attempts), default=0)
    moments += [
        _try(attempt, _detail(attempt, kept, changes, newest), user)
        for attempt in attempts
    ]
    return tuple(sorted(moments, key=lambda moment: moment.at))


def _detail(
    attempt: Attempt, kept: Any, changes: Sequence[EventChange], newest: int
) -> str:
    """Return what stands in the sentence of an attempt's cause: never a name.

    Attempts of older releases kept none: the newest one's is the writeback's.
    """
    if attempt.detail or attempt.cause in {None, Cause.WRONG_STUDENT}:
        return str(attempt.detail)
    if attempt.id == newest and attempt.cause == kept.cause:
        return str(kept.detail)
    if attempt.cause == Cause.UNMAPPED_REASON:
        return reason_then(kept.event, changes, attempt.started_at)
    return ""


def _try(attempt: Attempt, detail: str, user: User) -> Try:
    outcome = Outcome(attempt.outcome)
    is_own = outcome in _OWN_ANSWERS or user.is_district_admin
    ended = attempt.finished_at
    code, prior_code = _codes(attempt)
    return Try(
        id=attempt.id,
        at=attempt.started_at,
        seconds=(ended - attempt.started_at).total_seconds() if ended else None,
        outcome=explain_outcome(outcome),
        why=explain_cause(Cause(attempt.cause), detail).text if attempt.cause else "",
        http_status=attempt.http_status,
        code=code,
        prior_code=prior_code,
        ps_row=attempt.ps_row,
        request=attempt.request,
        answer=attempt.answer if is_own else "",
        is_withheld=bool(attempt.answer) and not is_own,
    )


def _codes(attempt: Attempt) -> tuple[str | None, str | None]:
    """Return the codes of the attempt and those before; of each class in its turn."""
    if not attempt.marks or attempt.code is None:
        return attempt.code, attempt.prior_code
    marks = list(marks_of(attempt.code, attempt.prior_code, attempt.marks))
    priors = [mark.prior_code for mark in marks]
    told = ["no row" if prior is None else prior or _BLANK for prior in priors]
    is_new = all(prior is None for prior in priors)
    codes = ", ".join(mark.code or _BLANK for mark in marks)
    return codes, None if is_new else ", ".join(told)
