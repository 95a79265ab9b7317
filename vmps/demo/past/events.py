"""One event of the past, the tries of its writeback, and where that ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from vmps.demo.past.incidents import Incident
from vmps.models import Action, Cause, EventType, Outcome, Status, Student
from vmps.services.identity import Person
from vmps.services.planning.day import DayEvent
from vmps.services.reaction import GIVE_UP_AFTER
from vmps.services.settlement import Settlement
from vmps.services.workload import Claim, SchoolView, StudentView


class Deed(StrEnum):
    """What a person may do about a writeback in the afternoon."""

    RETRY = "retry"
    ENTER_BY_HAND = "enter_by_hand"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt, as its row has it."""

    fence: int
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    cause: Cause | None
    http_status: int | None = None
    code: str | None = None
    prior_code: str | None = None
    ps_row: int | None = None
    request: str = ""
    marks: str = ""
    answer: str = ""
    detail: str = ""


@dataclass(eq=False, slots=True)
class PastEvent:
    """What a kiosk reported and what became of it.

    `number` is the id that the database is about to give it: our mark in Time mode's
    comments bears it.
    """

    number: int
    external_id: str
    school: SchoolView
    student: Student
    type: EventType
    occurred_at: datetime
    accepted_at: datetime
    reason: str
    code: str | None
    released_to: str = ""
    voided_at: datetime | None = None
    #: What goes wrong with its tries, in turn.
    incidents: list[Incident] = field(default_factory=list)
    #: The code that somebody entered in PowerSchool before it.
    standing: str | None = None
    deed: Deed | None = None
    deed_at: datetime | None = None

    status: Status = Status.PENDING
    cause: Cause | None = None
    detail: str = ""
    due_at: datetime = field(init=False)
    give_up_at: datetime | None = field(init=False)
    tries: int = 0
    revision: int = 0
    is_ambiguous: bool = False
    covered_by: int | None = None
    settled_at: datetime | None = None
    attempts: list[Try] = field(default_factory=list)
    interventions: list[tuple[datetime, Action]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.due_at = self.accepted_at
        self.give_up_at = self.accepted_at + GIVE_UP_AFTER

    @property
    def school_day(self) -> date:
        """Return the school's date then."""
        return self.occurred_at.astimezone(self.school.rules.zone).date()

    @property
    def claim(self) -> Claim:
        """Return the writeback as a drain holds it."""
        return Claim(
            writeback_id=self.number,
            event_id=self.number,
            revision=self.revision,
            tries=self.tries,
            give_up_at=self.give_up_at,
        )

    @property
    def day_event(self) -> DayEvent:
        """Return the event as a plan sees it."""
        return DayEvent(
            id=self.number,
            type=self.type,
            occurred_at=self.occurred_at,
            reason=self.reason,
            code=self.code,
            is_void=self.voided_at is not None,
        )

    @property
    def is_written(self) -> bool:
        """Tell whether it stands in PowerSchool by a write of its own."""
        return self.status is Status.SUCCESSFUL and self.cause is None

    def stand(self, covered_by: int | None) -> None:
        """Another event of the day covers it from now on, or none does."""
        if self.status is not Status.SUCCESSFUL:
            return
        self.covered_by = covered_by
        if covered_by:
            self.cause = Cause.COVERED
        elif self.cause is Cause.COVERED:
            self.cause = None

    def requeue(self, at: datetime) -> None:
        """Make it pending again, as a retry or a void does."""
        self.status, self.cause, self.detail = Status.PENDING, None, ""
        self.due_at, self.give_up_at = at, at + GIVE_UP_AFTER
        self.tries, self.covered_by, self.settled_at = 0, None, None
        self.revision += 1

    def end(self, status: Status, cause: Cause, at: datetime) -> None:
        """Settle it without a try."""
        self.status, self.cause, self.detail, self.settled_at = status, cause, "", at

    def enter_by_hand(self, at: datetime) -> None:
        """Somebody says that it stands in PowerSchool already."""
        self.interventions.append((at, Action.ENTERED_BY_HAND))
        self.end(Status.NOT_SENT, Cause.ENTERED_BY_HAND, at)
        self.revision += 1

    def take(self, settled: Settlement, at: datetime) -> None:
        """Go where a try leads."""
        self.status, self.cause = settled.status, settled.cause
        self.detail, self.covered_by = settled.detail, settled.covered_by
        self.due_at, self.give_up_at = settled.due_at, settled.give_up_at
        self.tries = settled.tries
        if settled.is_ambiguous is not None:
            self.is_ambiguous = settled.is_ambiguous
        self.settled_at = None if settled.status is Status.PENDING else at


def view_student(student: Student) -> StudentView:
    """Return the student as a drain sees one whom PowerSchool was not asked about."""
    return StudentView(
        id=student.id,
        sis_id=student.sis_id,
        person=Person(student.student_number, student.first_name, student.last_name),
        ps_id=None,
        enrollment=None,
        checked_at=None,
    )
