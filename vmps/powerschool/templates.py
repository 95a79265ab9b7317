"""The meetings of a student as PowerSchool's own template query tells them."""

from collections.abc import Callable
from datetime import date

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import Row, optional_integer, text
from vmps.powerschool.records import AttendanceMode, Meeting
from vmps.powerschool.rows import mode_of

QUERY = "com.pearson.core.attendance.meeting_interval_attendance_template"


def read_template(
    calls: Calls,
    student_id: int,
    school_number: int,
    on: date,
    deadline: Deadline,
) -> list[Row]:
    """The rows of the query, one a meeting."""
    arguments = {
        "studentid": str(student_id),
        "schoolid": str(school_number),
        "att_date": on.isoformat(),
    }
    return calls.query(QUERY, arguments, deadline)


def meetings_of(
    rows: list[Row], label_of: Callable[[int], str]
) -> list[Meeting] | None:
    """The meetings, None where a row lacks what a write needs.

    Which columns the query has beside the code, the comment and the times depends on
    the version of PowerSchool.
    """
    meetings = [_meeting_of(row, label_of) for row in rows]
    whole = [meeting for meeting in meetings if meeting is not None]
    return whole if len(whole) == len(meetings) else None


def _meeting_of(row: Row, label_of: Callable[[int], str]) -> Meeting | None:
    cc_id = optional_integer(row, "ccid")
    period_id = optional_integer(row, "periodid")
    starts = optional_integer(row, "start_time")
    ends = optional_integer(row, "end_time")
    mode, interval = _mode_and_interval(row)
    if not cc_id or not period_id or starts is None or ends is None:
        return None
    if mode is AttendanceMode.INTERVAL and interval is None:
        return None
    return Meeting(
        cc_id=cc_id,
        period_id=period_id,
        mode=mode,
        interval=interval,
        starts=starts,
        ends=ends,
        period=_label(row) or label_of(period_id),
        code_id=optional_integer(row, "attendance_codeid") or None,
        comment=text(row, "att_comment") or text(row, "comment"),
        comment_is_known=True,
    )


def _mode_and_interval(row: Row) -> tuple[AttendanceMode, int | None]:
    told = mode_of(row)
    interval = optional_integer(row, "att_interval") or None
    if told is AttendanceMode.INTERVAL or (told is None and interval):
        return AttendanceMode.INTERVAL, interval
    return AttendanceMode.MEETING, None


def _label(row: Row) -> str:
    return (text(row, "abbreviation") or text(row, "period_number") or "").strip()
