"""Reading the rows of the modes that have one row a day, for many students at once."""

# Several schools are read in one range: for no more pages than their own reads take.

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from vmps.powerschool import AttendanceMode, AttendanceRecord, AttendanceRow, Deadline
from vmps.services.across import FEW, most_pages_for
from vmps.services.link import Link
from vmps.services.modes.ranges import Range, one_range
from vmps.services.order import Order, Written
from vmps.services.subject import Subject

#: School number and STUDENTS.ID.
Key = tuple[int | None, int]
Found = tuple[Key, AttendanceRow]


@dataclass(frozen=True, slots=True)
class DayRows:
    """Reads rows of one day and mode at these schools."""

    link: Link
    mode: AttendanceMode
    day: date
    schools: Collection[int]
    deadline: Deadline

    def of_students(self, ids: Collection[int]) -> Iterable[Found]:
        """Yield the rows of these students: one by one when few, else all between."""
        ranges = one_range(ids) if len(ids) > FEW else [(i, i) for i in sorted({*ids})]
        for bounds in ranges:
            yield from self._found(self._read(student_ids=bounds))

    def between(self, ranges: Iterable[Range]) -> Iterable[Found]:
        """Yield the rows whose DCID is in these ranges."""
        for bounds in ranges:
            yield from self._found(self._read(dcids=bounds))

    @property
    def _school(self) -> int | None:
        """Return the school, if it is only one."""
        return min(self.schools) if len(self.schools) == 1 else None

    @property
    def _read(self) -> Callable[..., list[AttendanceRow]]:
        read = partial(
            self.link.client.attendance,
            self._school,
            self.day,
            self.mode,
            deadline=self.deadline,
        )
        if self._school is not None:
            return read
        return partial(read, most_pages=most_pages_for(len(self.schools)))

    def _found(self, rows: Iterable[AttendanceRow]) -> Iterable[Found]:
        for row in rows:
            school = row.school_number if self._school is None else self._school
            yield (school, row.student_id), row


def held_rows(
    link: Link, subjects: Sequence[Subject], mode: AttendanceMode, deadline: Deadline
) -> Iterable[Found]:
    """Yield the rows that the subjects' students have on their day."""
    schools = {int(subject.unit.school.number) for subject in subjects}
    ids = [subject.ps_id for subject in subjects if subject.ps_id is not None]
    rows = DayRows(link, mode, subjects[0].unit.day, schools, deadline)
    return rows.of_students(ids)


def written_rows(
    link: Link,
    written: Sequence[Written],
    mode: AttendanceMode,
    deadline: Deadline,
    *,
    cut: Callable[[Sequence[int]], list[Range]],
) -> Iterable[Found]:
    """Yield the rows of what was written: by their ids, cut so, where all were told."""
    schools = {int(item.order.unit.school.number) for item in written}
    rows = DayRows(link, mode, written[0].order.unit.day, schools, deadline)
    dcids = [dcid for item in written for dcid in item.dcids]
    known = [dcid for dcid in dcids if dcid is not None]
    if len(written) > FEW and len(known) == len(dcids):
        return rows.between(cut(known))
    ids = [r.student_id for item in written for r in records_of(item.order)]
    return rows.of_students(ids)


def key_of(subject: Subject) -> Key:
    """Return whose rows are the subject's; of nobody where the student is not known."""
    return int(subject.unit.school.number), subject.ps_id or 0


def records_of(order: Order) -> list[AttendanceRecord]:
    """Return the order's records."""
    return [r for r in order.records if isinstance(r, AttendanceRecord)]


def key_of_record(record: AttendanceRecord) -> Key:
    """Return whose row the record is for."""
    return record.school_number, record.student_id
