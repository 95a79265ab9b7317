"""What people entered in PowerSchool themselves, before our writes and after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from vmps.demo.past.events import PastEvent
from vmps.demo.past.powerschool import PastPowerSchool
from vmps.models import EventType
from vmps.services.planning.day import BLANK
from vmps.services.planning.timetable import seconds_of
from vmps.simulator.attendance import DAILY, TIME
from vmps.simulator.changes import Wanted
from vmps.simulator.columns import Row
from vmps.simulator.meetings import Meeting, meetings_of
from vmps.simulator.schools import School

#: Codes of a whole day; others are given for one class.
_WHOLE_DAY = {"S", "F"}
_USUAL = {EventType.LATE_CHECK_IN: "T", EventType.EARLY_CHECK_OUT: "ED"}


class Clerk:
    """Enters attendance by hand, in the mode that PowerSchool's school has."""

    def __init__(self, powerschool: PastPowerSchool) -> None:
        self._powerschool = powerschool

    def mark_before(self, event: PastEvent, at: datetime) -> None:
        """Somebody marks the student before the event; a marked day stays as it is."""
        if event.standing and not self._rows(event):
            self._mark(event, event.standing, at)

    def mark_instead(self, event: PastEvent, at: datetime) -> None:
        """Somebody enters the event; what we wrote for another one stays."""
        facts = self._powerschool.facts(event.school.number, event.school_day)
        has_code = event.code is not None and event.code in facts.codes
        code = event.code if has_code and event.code else _USUAL[event.type]
        self._mark(event, code, at)

    def clear(self, event: PastEvent, at: datetime) -> None:
        """Somebody takes back what people marked on that day."""
        blank = self._code_id(event, BLANK)
        wishes = [
            Wanted(
                studentid=int(row["studentid"] or 0),
                schoolid=int(row["schoolid"] or 0),
                day=event.school_day,
                mode=str(row["att_mode_code"]),
                attendance_codeid=blank,
                dcid=int(row["dcid"] or 0),
                ccid=int(row["ccid"] or 0),
                periodid=int(row["periodid"] or 0),
                att_interval=int(row["att_interval"] or 0),
            )
            for row in self._rows(event)
            if not _is_ours(row)
        ]
        self._enter(wishes, at)

    def _mark(self, event: PastEvent, code: str, at: datetime) -> None:
        student_id = self._student_id(event)
        if student_id is None:
            return
        school = self._powerschool.district.schools[int(event.school.number)]
        wish = Wanted(
            studentid=student_id,
            schoolid=school.number,
            day=event.school_day,
            mode=DAILY,
            attendance_codeid=self._code_id(event, code),
        )
        self._enter(list(self._in_mode(school, wish, event, code)), at)

    def _in_mode(
        self, school: School, wish: Wanted, event: PastEvent, code: str
    ) -> Iterator[Wanted]:
        """Yield the wish for the day's row, or for each class it is about."""
        modes, rows = school.schedule.recorded_modes, self._rows(event)
        if modes.isdisjoint({"daily", "time"}):
            ours = {(row["ccid"], row["periodid"]) for row in rows if _is_ours(row)}
            for meeting in self._classes(event, wish.studentid, code):
                if (meeting.ccid, meeting.periodid) not in ours:
                    yield replace(
                        wish,
                        mode=meeting.att_mode_code,
                        ccid=meeting.ccid,
                        periodid=meeting.periodid,
                        att_interval=meeting.interval,
                    )
        elif any(map(_is_ours, rows)):
            return
        elif "time" in modes:  # who is not there has no minutes entered
            dcid = int(rows[0]["dcid"] or 0) if rows else None
            yield replace(wish, mode=TIME, dcid=dcid)
        else:
            yield wish

    def _classes(self, event: PastEvent, student_id: int, code: str) -> list[Meeting]:
        """Return the whole day's classes, or that which the event happened in."""
        meetings = meetings_of(
            self._powerschool.district,
            student_id,
            int(event.school.number),
            event.school_day,
        )
        if code in _WHOLE_DAY:
            return meetings
        at = seconds_of(event.occurred_at, event.school_day, event.school.rules.zone)
        return [meeting for meeting in meetings if at < meeting.end][:1]

    def _student_id(self, event: PastEvent) -> int | None:
        """Return whom a clerk can mark: a student of the school, on a day with it."""
        number, day = event.school.number, event.school_day
        is_trouble = self._powerschool.is_trouble(event.student, number, day)
        if is_trouble or not self._powerschool.is_in_session(number, day):
            return None
        record = self._powerschool.resolve(event.student).record
        return record.id if record else None

    def _rows(self, event: PastEvent) -> list[Row]:
        record = self._powerschool.resolve(event.student).record
        if record is None:
            return []
        day = event.school_day.isoformat()
        rows, _ = self._powerschool.attendance.find(
            {"studentid": record.id, "att_date": day}
        )
        return list(rows)

    def _code_id(self, event: PastEvent, code: str) -> int:
        facts = self._powerschool.facts(event.school.number, event.school_day)
        return facts.codes[code].id

    def _enter(self, wishes: list[Wanted], at: datetime) -> None:
        self._powerschool.enter(wishes, at, endpoint="by_hand", by="hand")


def _is_ours(row: Row) -> bool:
    """Tell whether the plugin wrote it last, a code that is not taken back."""
    return row["whomodifiedtype"] == "plugin" and row["written_code"] is not None
