"""What crosses the border: PowerSchool's rows in our words, and what we write."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AttendanceMode(StrEnum):
    """A school's way of taking attendance."""

    DAILY = "daily"
    TIME = "time"
    MEETING = "meeting"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the server says about itself; `plugin_id` is set if it knows our token."""

    version: str | None
    plugin_id: int | None
    timezone: str | None
    table_page_size: int | None
    student_page_size: int | None
    state: str | None
    district_uuid: str | None
    clock_skew_seconds: float | None = None  # positive: PowerSchool is ahead of us

    @property
    def supports_batch(self) -> bool:
        """Whether batch_daily_time exists, from 25.3 on."""
        numbers = [int(part) for part in _leading_numbers(self.version or "")]
        return numbers[:2] >= [25, 3]


def _leading_numbers(version: str) -> list[str]:
    parts = version.strip().split(".")
    numbers: list[str] = []
    for part in parts:
        if not part.isdecimal():
            break
        numbers.append(part)
    return numbers


@dataclass(frozen=True, slots=True)
class AttendanceCode:
    """One code of one school and year; code '' is the blank present code."""

    id: int
    code: str
    description: str
    presence: str | None
    year_id: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date in a school's calendar; the last two are read when asked for."""

    id: int
    in_session: bool
    bell_schedule_id: int | None = None
    cycle_day_id: int | None = None


@dataclass(frozen=True, slots=True)
class BellTime:
    """When a period is on one date, in seconds since midnight of the school's clock.

    `period` is its abbreviation or number.
    """

    period_id: int
    starts: int
    ends: int
    period: str


@dataclass(frozen=True, slots=True)
class Preference:
    """A setting of one school and year; what its values mean is PowerSchool's."""

    name: str
    value: str
    school_number: int | None
    year_id: int | None


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """A row of STUDENTS; `exit_date` is the day after the last one."""

    id: int
    dcid: int
    student_number: str | None
    first_name: str
    last_name: str
    grade_level: int | None
    school_number: int | None
    enroll_status: int | None
    entry_date: date | None
    exit_date: date | None


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """A row of ATTENDANCE; without `comment_is_known` the comment may hold text.

    Minutes are read in time mode only, what belongs to a meeting in all modes but
    daily and time; `mode` is None where PowerSchool told one that we do not know.
    The school is told where rows of several schools were asked for.
    """

    dcid: int
    student_id: int
    code_id: int | None
    year_id: int | None
    comment: str | None
    comment_is_known: bool
    total_minutes: int | None
    period_id: int | None
    cc_id: int | None
    mode: AttendanceMode | None = None
    interval: int | None = None
    school_number: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One scheduled meeting of a student on one date, and what stands there.

    Times are seconds since midnight of the school's clock. No `code_id` means no row,
    which is present. `period` is its abbreviation or number, '' where not known.
    An interval that `stands_for_all` has its period's times: nobody told its length.
    """

    cc_id: int
    period_id: int
    mode: AttendanceMode
    interval: int | None
    starts: int
    ends: int
    period: str
    code_id: int | None
    comment: str | None
    comment_is_known: bool
    stands_for_all: bool = False


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """One daily or time record to write.

    None leaves a field out of what is sent, so PowerSchool keeps what it has. In time
    mode a record without `dcid` adds a row.
    """

    student_id: int
    school_number: int
    year_id: int
    on: date
    mode: AttendanceMode
    code_id: int
    comment: str | None = None
    calendar_day_id: int | None = None
    total_minutes: int | None = None
    dcid: int | None = None

    def told(self) -> dict[str, object]:
        """Return what a log may keep: ids and code, no comment (it has reasons)."""
        return {
            "studentid": self.student_id,
            "schoolid": self.school_number,
            "yearid": self.year_id,
            "att_date": self.on.isoformat(),
            "attendance_codeid": self.code_id,
        }


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """One meeting's record to write; a comment of None is left out of what is sent."""

    student_id: int
    school_number: int
    year_id: int
    on: date
    mode: AttendanceMode
    code_id: int
    cc_id: int
    period_id: int
    starts: int
    ends: int
    interval: int | None = None
    comment: str | None = None
    calendar_day_id: int | None = None

    def told(self) -> dict[str, object]:
        """Return what a log may keep: ids and code, no comment (it has reasons)."""
        told = {
            "studentid": self.student_id,
            "schoolid": self.school_number,
            "yearid": self.year_id,
            "att_date": self.on.isoformat(),
            "attendance_codeid": self.code_id,
            "ccid": self.cc_id,
            "periodid": self.period_id,
            "att_interval": self.interval,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a write did: 'INSERT' or 'UPDATE', and the row's dcid if it was told."""

    action: str
    dcid: int | None


@dataclass(frozen=True, slots=True)
class RecordRefused:
    """One record of a batch that PowerSchool did not write, in its words."""

    field: str | None
    code: str | None
    description: str
