"""The meetings of a student on a date: by template query, by tables where it fails."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from vmps.powerschool.attendance import AttendanceFilter, AttendanceReader
from vmps.powerschool.bells import Bells
from vmps.powerschool.calls import Calls
from vmps.powerschool.codes import year_id_of
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import FieldsNotGranted, NotFound, Rejected
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import AttendanceMode, AttendanceRow, Meeting
from vmps.powerschool.sections import Sections
from vmps.powerschool.templates import meetings_of, read_template
from vmps.powerschool.timetables import joined, read_timetable

TEMPLATE_REFUSAL_SECONDS = 600.0


class Meetings:
    """Reads meetings, and remembers for a while that the template is of no use."""

    def __init__(
        self,
        calls: Calls,
        bells: Bells,
        sections: Sections,
        attendance: AttendanceReader,
    ) -> None:
        self._calls = calls
        self._bells = bells
        self._sections = sections
        self._attendance = attendance
        self._template_refused_until = 0.0

    @property
    def reads_template(self) -> bool:
        """Tell whether the template query was not refused lately."""
        return time.monotonic() >= self._template_refused_until

    def lacks_intervals(self, school_number: int, on: date, deadline: Deadline) -> bool:
        """Whether the tables do not tell how long the school's intervals last."""
        year_id = year_id_of(on)
        if not self._sections.with_intervals(school_number, year_id, deadline):
            return False
        length = self._sections.interval_seconds(school_number, year_id, deadline)
        return length is None

    def read(
        self, student_id: int, school_number: int, on: date, deadline: Deadline
    ) -> list[Meeting]:
        """The student's meetings in order of time."""
        found = None
        if self.reads_template:
            found = self._from_template(student_id, school_number, on, deadline)
        if found is None:
            found = self._from_tables(student_id, school_number, on, deadline)
        return merged(found)

    def _from_template(
        self, student_id: int, school_number: int, on: date, deadline: Deadline
    ) -> list[Meeting] | None:
        try:
            rows = read_template(self._calls, student_id, school_number, on, deadline)
            found = meetings_of(rows, self._bells.label_of)
        except (NotFound, FieldsNotGranted, Rejected):
            found = None  # Rejected: a version whose query wants other arguments
        if found is None:
            # Not for ever: a field may be granted, PowerSchool upgraded at any time.
            until = time.monotonic() + TEMPLATE_REFUSAL_SECONDS
            self._template_refused_until = until
        return found

    def _from_tables(
        self, student_id: int, school_number: int, on: date, deadline: Deadline
    ) -> list[Meeting]:
        timetable = read_timetable(
            self._bells, self._sections, school_number, on, deadline
        )
        if timetable is None:
            return []
        enrolments = self._sections.enrolments(student_id, on, deadline)
        scheduled = merged(joined(timetable, enrolments))
        if not scheduled:
            return []
        wanted = AttendanceFilter(school_number, on, None, (student_id, student_id))
        rows = all_pages(
            lambda page: self._attendance.page(wanted, page, PAGE_SIZE, deadline),
            PAGE_SIZE,
        )
        return marked(scheduled, rows, is_known=self._attendance.reads_comments)


def marked(
    scheduled: Iterable[Meeting], rows: Sequence[AttendanceRow], *, is_known: bool
) -> list[Meeting]:
    """The meetings with what stands there; a row says best which mode a section has.

    `is_known` tells whether comments may be read at all.
    """
    groups: dict[tuple[int, int], list[Meeting]] = {}
    for meeting in scheduled:
        slot = replace(meeting, comment_is_known=is_known)
        groups.setdefault((slot.cc_id, slot.period_id), []).append(slot)
    return [
        meeting
        for slots in groups.values()
        for meeting in _marked(slots, [row for row in rows if _is_of(row, slots[0])])
    ]


def _is_of(row: AttendanceRow, meeting: Meeting) -> bool:
    return (
        bool(row.code_id)
        and row.cc_id == meeting.cc_id
        and row.period_id in {meeting.period_id, None, 0}
        and row.mode not in {AttendanceMode.DAILY, AttendanceMode.TIME}
    )


def _marked(slots: list[Meeting], rows: list[AttendanceRow]) -> list[Meeting]:
    """The slots of one section in one period, with the newest row of each."""
    ends = max(slot.ends for slot in slots)
    whole = replace(slots[0], ends=ends, stands_for_all=False)
    held = {
        None
        if row.mode is AttendanceMode.MEETING
        else row.interval or whole.interval: row
        for row in sorted(rows, key=lambda row: row.dcid)
    }
    slot_of = {slot.interval: slot for slot in slots}
    found = [
        replace(
            slot_of.get(interval, whole),
            mode=AttendanceMode.INTERVAL if interval else AttendanceMode.MEETING,
            interval=interval,
            code_id=row.code_id,
            comment=row.comment,
            comment_is_known=row.comment_is_known,
        )
        for interval, row in held.items()
    ]
    if held and (None in held or None in slot_of):
        return found
    return found + [slot for slot in slots if slot.interval not in held]


def merged(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Each meeting once, sorted: a row knows section, period and interval, no time."""
    found: dict[tuple[int, int, int | None], Meeting] = {}
    for meeting in meetings:
        key = meeting.cc_id, meeting.period_id, meeting.interval
        found[key] = _united(found[key], meeting) if key in found else meeting
    return sorted(found.values(), key=lambda m: (m.starts, m.cc_id, m.interval or 0))


def _united(one: Meeting, other: Meeting) -> Meeting:
    kept = one if one.code_id is not None else other
    return replace(
        kept, starts=min(one.starts, other.starts), ends=max(one.ends, other.ends)
    )
