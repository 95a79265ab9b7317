"""The client of the past: what a mode asks PowerSchool, answered from the seed."""

# The simulator's own classes answer, without HTTP: thousands of calls would
# keep the demo from starting.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from vmps.demo.past.powerschool import PastPowerSchool
from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    BellTime,
    Deadline,
    Meeting,
    MeetingRecord,
    WriteResult,
)
from vmps.powerschool.rows import attendance_of
from vmps.services.link import Link
from vmps.simulator.changes import Wanted
from vmps.simulator.columns import Row
from vmps.simulator.meetings import meetings_of
from vmps.simulator.school_years import yearid_of

MODE_CODES = {mode: f"ATT_Mode{mode.value.title()}" for mode in AttendanceMode}
MODES = {code: mode for mode, code in MODE_CODES.items()}

_PLUGIN = "plugin"


@dataclass(frozen=True, slots=True)
class PastClient:
    """PowerSchool at one moment; its methods are those of the client's that modes call.

    The past asks about one student at a time.
    """

    powerschool: PastPowerSchool
    at: datetime
    reads_comments: bool = True

    def attendance(
        self,
        school_number: int,
        on: date,
        mode: AttendanceMode | None,
        *,
        deadline: Deadline,
        student_ids: tuple[int, int],
    ) -> list[AttendanceRow]:
        """Return one student's rows of a school, date and mode."""
        student_id = student_ids[0]
        wanted: Row = {"studentid": student_id, "att_date": on.isoformat()}
        rows, _ = self.powerschool.attendance.find(wanted)
        return [
            attendance_of(row, mode, comment_is_known=True)
            for row in rows
            if row["schoolid"] == school_number
            and mode in (None, MODES[str(row["att_mode_code"])])
        ]

    def bell_times(
        self,
        school_number: int,
        on: date,
        *,
        deadline: Deadline,
        with_names: bool = True,
        is_needed: bool = True,
    ) -> list[BellTime]:
        """Return the periods of a date: nothing refuses them."""
        school = self.powerschool.district.schools[school_number]
        if not school.is_in_session(on):
            return []
        schedule = school.schedule
        return [
            BellTime(
                period_id=school.period_id(yearid_of(on), bell.place),
                starts=bell.start,
                ends=bell.end,
                period=schedule.periods[bell.place].abbreviation if with_names else "",
            )
            for bell in schedule.bell_schedules[schedule.bell_place(on)].bells
        ]

    def meetings(
        self, student_id: int, school_number: int, on: date, *, deadline: Deadline
    ) -> list[Meeting]:
        """Return a student's meetings of a date, with what stands there."""
        found = self._meetings(student_id, school_number, on)
        return sorted(found, key=lambda m: (m.starts, m.cc_id, m.interval or 0))

    def _meetings(
        self, student_id: int, school_number: int, on: date
    ) -> Iterator[Meeting]:
        district = self.powerschool.district
        of = student_id, school_number, on.isoformat()
        for meeting in meetings_of(district, student_id, school_number, on):
            key = (*of, meeting.att_mode_code, *meeting.key)
            row = self.powerschool.attendance.upsertable(key) or {}
            code_id, comment = row.get("attendance_codeid"), row.get("att_comment")
            yield Meeting(
                cc_id=meeting.ccid,
                period_id=meeting.periodid,
                mode=MODES[meeting.att_mode_code],
                interval=meeting.interval or None,
                starts=meeting.start,
                ends=meeting.end,
                period="",  # the template does not tell it
                code_id=int(code_id) if code_id else None,
                comment=str(comment) if comment else None,
                comment_is_known=True,
            )

    def write_daily(
        self, record: AttendanceRecord, *, deadline: Deadline
    ) -> WriteResult:
        """Insert or update one daily or time record."""
        wish = Wanted(
            studentid=record.student_id,
            schoolid=record.school_number,
            day=record.on,
            mode=MODE_CODES[record.mode],
            attendance_codeid=record.code_id,
            comment=record.comment,
            total_minutes=record.total_minutes,
            dcid=record.dcid,
        )
        return self._enter([wish], "daily_time")[0]

    def write_meetings(
        self, records: Sequence[MeetingRecord], *, deadline: Deadline
    ) -> list[WriteResult]:
        """Insert or update meetings of one student and day."""
        wishes = [
            Wanted(
                studentid=record.student_id,
                schoolid=record.school_number,
                day=record.on,
                mode=MODE_CODES[record.mode],
                attendance_codeid=record.code_id,
                comment=record.comment,
                ccid=record.cc_id,
                periodid=record.period_id,
                att_interval=record.interval or 0,
            )
            for record in records
        ]
        return self._enter(wishes, "meeting_interval")

    def _enter(self, wishes: Sequence[Wanted], endpoint: str) -> list[WriteResult]:
        entered = self.powerschool.enter(wishes, self.at, endpoint=endpoint, by=_PLUGIN)
        return [WriteResult(change.action, change.dcid) for change in entered]


@dataclass(frozen=True, slots=True)
class _PastLink:
    """As much of a link as modes use."""

    client: PastClient


def link_at(powerschool: PastPowerSchool, at: datetime) -> Link:
    """Return what modes read and write by, at a moment of the past."""
    return cast("Link", _PastLink(PastClient(powerschool, at)))
