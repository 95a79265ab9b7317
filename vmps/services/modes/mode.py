"""What a drain must know of an attendance mode to deliver in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    BellTime,
    Deadline,
    Meeting,
    MeetingRecord,
    RecordRefused,
    WriteResult,
)
from vmps.services.link import Facts, Link
from vmps.services.planning.day import DayPlan, Existing, Write
from vmps.services.workload import Unit

if TYPE_CHECKING:
    from vmps.services.order import Order, Written
    from vmps.services.subject import Subject, Surveyed

Record = AttendanceRecord | MeetingRecord


@dataclass(frozen=True, slots=True)
class Held:
    """What PowerSchool holds for one student and day: rows by slot.

    No row means present.
    """

    rows: Mapping[str, Existing]
    #: Daily and Time mode: the day's bell times.
    bells: tuple[BellTime, ...] = ()
    #: Meeting mode only: the student's meetings of the day, in order of time.
    meetings: Sequence[Meeting] = ()


class Mode(Protocol):
    """How one attendance mode is read, planned, written and read back.

    `read`, `write`, `write_batch` and `read_back` run in a slot's thread and may call
    PowerSchool, but never the database; the others are pure.
    """

    #: The records of many units can be written in one call.
    is_batched: bool
    #: Reading takes a call for each unit, or some for a few of one school.
    reads_alone: bool
    #: Its days are planned by bell times, where there are any.
    reads_bells: bool
    #: The modes of PowerSchool's rows that it writes.
    row_modes: Collection[AttendanceMode]

    def most_together(self, link: Link) -> int:
        """Return of how many subjects of a school one read is at most."""

    def read(
        self,
        link: Link,
        subjects: Sequence[Subject],
        facts: Mapping[int, Facts],
        deadline: Deadline,
    ) -> Mapping[Unit, Held]:
        """Return what is held for these subjects of one day; facts by school id.

        They are of one school where `reads_alone`.
        """

    def plan(self, unit: Unit, held: Held, facts: Facts, *, now: datetime) -> DayPlan:
        """Return what to write for all of the unit's events, and their verdicts."""

    def is_outside(self, unit: Unit, held: Held) -> bool:
        """Tell whether an event is refused by bell times, which may be old."""

    def make_records(self, surveyed: Surveyed, plan: DayPlan) -> tuple[Record, ...]:
        """Return a record for each write of the plan, in their order."""

    def write(
        self, link: Link, order: Order, deadline: Deadline
    ) -> Sequence[WriteResult]:
        """Write one order's records; they are taken, or an error says why not."""

    def write_batch(
        self, link: Link, orders: Sequence[Order], deadline: Deadline
    ) -> Sequence[WriteResult | RecordRefused]:
        """Write many orders of one record each; a result for each, in their order."""

    def name_place(self, held: Held, write: Write) -> str:
        """Return what people call the place of a write: the day, or a class."""

    def name_left(self, held: Held, slot: str) -> str:
        """Return what people call a slot that no write reaches, "" for all others."""

    def read_back(
        self, link: Link, written: Sequence[Written], deadline: Deadline
    ) -> set[Unit]:
        """Return the units whose rows hold what we wrote; of one day, as for `read`."""
