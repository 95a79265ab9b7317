"""The meetings of a student on a date: by template query, by tables where it fails."""

import time
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from vmps.powerschool.attendance import AttendanceFilter, AttendanceReader
from vmps.powerschool.bells import Bells, Period
from vmps.powerschool.calls import Calls
from vmps.powerschool.codes import year_id_of
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import FieldsNotGranted, NotFound, Rejected
from vmps.powerschool.paging import PAGE_SIZE, all_pages
from vmps.powerschool.records import AttendanceMode, AttendanceRow, BellTime, Meeting
from vmps.powerschool.sections import Enrolment, Sections
from vmps.powerschool.templates import meetings_of, read_template

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

    def read(
        self, student_id: int, school_number: int, on: date, deadline: Deadline
    ) -> list[Meeting]:
        """The student's meetings in order of time."""
        found = None
        if time.monotonic() >= self._template_refused_until:
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
        day = self._bells.day(school_number, on, deadline)
        times = self._bells.times(school_number, on, deadline)
        if day is None or not day.cycle_day_id or not times:
            return []
        letter = self._sections.letter(day.cycle_day_id, deadline)
        if not letter:
            return []
        periods = self._bells.periods(school_number, times, deadline)
        years = [period.year_id for period in periods.values() if period.year_id]
        year_id = years[0] if years else year_id_of(on)
        meets = self._sections.periods(school_number, year_id, letter, deadline)
        by_interval = self._sections.with_intervals(school_number, year_id, deadline)
        enrolments = self._sections.enrolments(student_id, on, deadline)
        scheduled = joined(times, periods, enrolments, meets, by_interval)
        if not scheduled:
            return []
        wanted = AttendanceFilter(school_number, on, None, (student_id, student_id))
        rows = all_pages(
            lambda page: self._attendance.page(wanted, page, PAGE_SIZE, deadline),
            PAGE_SIZE,
        )
        is_known = self._attendance.reads_comments
        return [m for slot in scheduled for m in marked(slot, rows, is_known=is_known)]


def joined(
    times: Sequence[BellTime],
    periods: Mapping[int, Period],
    enrolments: Iterable[Enrolment],
    meets: Mapping[int, AbstractSet[int]],
    by_interval: AbstractSet[int],
) -> list[Meeting]:
    """The meetings of sections in periods, without what stands there yet.

    How intervals follow from the bell schedule is not known, so the period's number
    stands for the interval's until a row says otherwise.
    """
    found = []
    for enrolment in enrolments:
        numbers = meets.get(enrolment.section_id, frozenset())
        has_intervals = enrolment.section_id in by_interval
        for bell in times:
            period = periods.get(bell.period_id)
            if period is None or period.number not in numbers:
                continue
            found.append(
                Meeting(
                    cc_id=enrolment.cc_id,
                    period_id=bell.period_id,
                    mode=_mode(has_intervals=has_intervals),
                    interval=period.number if has_intervals else None,
                    starts=bell.starts,
                    ends=bell.ends,
                    period=bell.period,
                    code_id=None,
                    comment=None,
                    comment_is_known=True,
                )
            )
    return found


def _mode(*, has_intervals: bool) -> AttendanceMode:
    return AttendanceMode.INTERVAL if has_intervals else AttendanceMode.MEETING


def marked(
    meeting: Meeting, rows: Iterable[AttendanceRow], *, is_known: bool
) -> list[Meeting]:
    """The meeting with what stands there: one for each interval that has a row."""
    modes = {AttendanceMode.MEETING, AttendanceMode.INTERVAL}
    own = [
        row
        for row in rows
        if row.cc_id == meeting.cc_id
        and row.period_id in {meeting.period_id, None, 0}
        and row.mode in modes
    ]
    if not own:
        return [replace(meeting, comment_is_known=is_known)]
    newest = {row.interval or None: row for row in sorted(own, key=lambda r: r.dcid)}
    return [_with_row(meeting, row) for row in newest.values()]


def _with_row(meeting: Meeting, row: AttendanceRow) -> Meeting:
    interval = row.interval or meeting.interval
    if row.mode is not AttendanceMode.INTERVAL:
        interval = None
    return replace(
        meeting,
        mode=_mode(has_intervals=bool(interval)),
        interval=interval,
        code_id=row.code_id or None,
        comment=row.comment,
        comment_is_known=row.comment_is_known,
    )


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
