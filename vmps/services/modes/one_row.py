"""What the modes that have one row a student and day do alike: all but the row."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    BellTime,
    Deadline,
    RecordRefused,
    WriteResult,
)
from vmps.services.across import TOGETHER
from vmps.services.link import Facts, Link
from vmps.services.modes.day_rows import Key, held_rows, key_of, records_of
from vmps.services.modes.mode import Held
from vmps.services.order import Order
from vmps.services.planning.day import DayPlan, Write
from vmps.services.subject import Subject, Surveyed
from vmps.services.workload import Unit

Bells = tuple[BellTime, ...]


class OneRowMode(ABC):
    """Daily and Time mode: many students are read, and written, in one call."""

    is_batched = True
    reads_alone = False
    reads_bells = True
    mode: AttendanceMode
    row_modes: Collection[AttendanceMode]
    #: Without bell times nothing can be planned; else they only say more.
    needs_bells: bool

    def most_together(self, link: Link) -> int:
        """Return how many rows are surely one page."""
        return TOGETHER

    def read(
        self,
        link: Link,
        subjects: Sequence[Subject],
        facts: Mapping[int, Facts],
        deadline: Deadline,
    ) -> Mapping[Unit, Held]:
        """Read the day's bell times, and the students' rows: many in few calls."""
        bells = self._read_bells(link, subjects, deadline)
        rows: dict[Key, list[AttendanceRow]] = defaultdict(list)
        for key, row in held_rows(link, subjects, self.mode, deadline):
            rows[key].append(row)
        return {
            subject.unit: self.hold(link, rows[key_of(subject)], facts[its], bells[its])
            for subject in subjects
            if subject.ps_id is not None and (its := subject.unit.school.id)
        }

    def _read_bells(
        self, link: Link, subjects: Sequence[Subject], deadline: Deadline
    ) -> Mapping[int, Bells]:
        """Return the day's bell times of each school, by its id."""
        schools = {subject.unit.school.id: subject.unit for subject in subjects}
        return {
            school_id: tuple(
                link.client.bell_times(
                    int(unit.school.number),
                    unit.day,
                    deadline=deadline,
                    with_names=False,
                    is_needed=self.needs_bells,
                )
            )
            for school_id, unit in schools.items()
        }

    @abstractmethod
    def hold(
        self, link: Link, rows: Sequence[AttendanceRow], facts: Facts, bells: Bells
    ) -> Held:
        """Return what one student's rows of the day say."""

    def make_records(
        self, surveyed: Surveyed, plan: DayPlan
    ) -> tuple[AttendanceRecord, ...]:
        """Return a record for each write, with the ids of this school and year."""
        facts, subject = surveyed.facts, surveyed.subject
        unit = subject.unit
        if subject.ps_id is None or facts.year_id is None:
            raise ValueError("Only a resolved student's write can become a record.")
        return tuple(
            AttendanceRecord(
                student_id=subject.ps_id,
                school_number=int(unit.school.number),
                year_id=facts.year_id,
                on=unit.day,
                mode=self.mode,
                code_id=facts.codes[write.code].id,
                comment=write.comment,
                calendar_day_id=facts.calendar_day_id,
                total_minutes=write.minutes,
                dcid=write.dcid,
            )
            for write in plan.writes
        )

    def write(
        self, link: Link, order: Order, deadline: Deadline
    ) -> Sequence[WriteResult]:
        """Write its records, a call each; there is one, but after a row came twice."""
        return [
            link.client.write_daily(record, deadline=deadline)
            for record in records_of(order)
        ]

    def write_batch(
        self, link: Link, orders: Sequence[Order], deadline: Deadline
    ) -> Sequence[WriteResult | RecordRefused]:
        """Write up to 200 orders' records in one call."""
        records = [record for order in orders for record in records_of(order)]
        return link.client.write_daily_batch(records, deadline=deadline)

    def name_place(self, held: Held, write: Write) -> str:
        """Return what the day's one row stands for."""
        return "The day"
