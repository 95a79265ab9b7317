"""Which columns we read, and how a row becomes one of our records."""

from vmps.powerschool.envelopes import (
    LARGEST_SMALL,
    RECORD_ID,
    Row,
    day,
    flag,
    integer,
    optional_integer,
    text,
)
from vmps.powerschool.records import (
    AttendanceCode,
    AttendanceMode,
    AttendanceRow,
    CalendarDay,
    Metadata,
    StudentRecord,
)

MODE_CODES = {
    AttendanceMode.DAILY: "ATT_ModeDaily",
    AttendanceMode.TIME: "ATT_ModeTime",
    AttendanceMode.MEETING: "ATT_ModeMeeting",
    AttendanceMode.INTERVAL: "ATT_ModeInterval",
}
MODES = {code.lower(): mode for mode, code in MODE_CODES.items()}

CODE_COLUMNS = ("id", "att_code", "description", "presence_status_cd", "yearid")
CALENDAR_COLUMNS = ("id", "insession")
SCHEDULE_COLUMNS = ("bell_schedule_id", "cycle_day_id")
STUDENT_COLUMNS = (
    "id",
    "dcid",
    "student_number",
    "first_name",
    "last_name",
    "grade_level",
    "schoolid",
    "enroll_status",
    "entrydate",
    "exitdate",
)
COMMENT_COLUMN = "att_comment"
_ATTENDANCE_COLUMNS = ("studentid", "attendance_codeid", "yearid", COMMENT_COLUMN)
_MEETING_COLUMNS = ("periodid", "ccid", "att_interval", "att_mode_code")
_MODE_COLUMNS: dict[AttendanceMode | None, tuple[str, ...]] = {
    AttendanceMode.DAILY: (),
    AttendanceMode.TIME: ("total_minutes",),
    AttendanceMode.MEETING: _MEETING_COLUMNS,
    AttendanceMode.INTERVAL: _MEETING_COLUMNS,
    None: _MEETING_COLUMNS,
}


def attendance_columns(
    mode: AttendanceMode | None, *, has_comment: bool
) -> tuple[str, ...]:
    """Only what the mode has: every further column is a field to be granted."""
    columns = _ATTENDANCE_COLUMNS + _MODE_COLUMNS[mode]
    return tuple(name for name in columns if has_comment or name != COMMENT_COLUMN)


def mode_of(row: Row) -> AttendanceMode | None:
    """The mode the row tells, None when it tells none or one we do not know."""
    return MODES.get((text(row, "att_mode_code") or "").strip().lower())


def metadata_of(row: Row, clock_skew_seconds: float | None = None) -> Metadata:
    return Metadata(
        version=text(row, "powerschool_version"),
        plugin_id=optional_integer(row, "plugin_id"),
        timezone=text(row, "district_timezone"),
        table_page_size=optional_integer(row, "schema_table_query_max_page_size"),
        student_page_size=optional_integer(row, "student_max_page_size"),
        state=text(row, "state"),
        district_uuid=text(row, "district_uuid"),
        clock_skew_seconds=clock_skew_seconds,
    )


def code_of(row: Row) -> AttendanceCode:
    """A code, from the PowerQuery (attendance_codeid) or the table (id)."""
    return AttendanceCode(
        id=integer(row, "attendance_codeid", "id", RECORD_ID),
        code=(text(row, "att_code") or "").strip(),
        description=text(row, "description") or "",
        presence=text(row, "presence_status_cd"),
        year_id=integer(row, "yearid", largest=LARGEST_SMALL),
    )


def calendar_day_of(row: Row) -> CalendarDay:
    return CalendarDay(
        id=integer(row, "id", RECORD_ID),
        in_session=flag(row, "insession"),
        bell_schedule_id=optional_integer(row, "bell_schedule_id"),
        cycle_day_id=optional_integer(row, "cycle_day_id"),
    )


def student_of(row: Row) -> StudentRecord:
    return StudentRecord(
        id=integer(row, "id"),
        dcid=integer(row, "dcid", RECORD_ID),
        student_number=text(row, "student_number"),
        first_name=text(row, "first_name") or "",
        last_name=text(row, "last_name") or "",
        grade_level=optional_integer(row, "grade_level"),
        school_number=optional_integer(row, "schoolid"),
        enroll_status=optional_integer(row, "enroll_status", largest=LARGEST_SMALL),
        entry_date=day(row, "entrydate"),
        exit_date=day(row, "exitdate"),
    )


def attendance_of(
    row: Row, asked: AttendanceMode | None, *, comment_is_known: bool
) -> AttendanceRow:
    """A row that was asked for by this mode, or by none."""
    return AttendanceRow(
        dcid=integer(row, "dcid", RECORD_ID),
        student_id=integer(row, "studentid"),
        code_id=optional_integer(row, "attendance_codeid"),
        year_id=optional_integer(row, "yearid"),
        comment=text(row, COMMENT_COLUMN) if comment_is_known else None,
        comment_is_known=comment_is_known,
        total_minutes=optional_integer(row, "total_minutes"),
        period_id=optional_integer(row, "periodid"),
        cc_id=optional_integer(row, "ccid"),
        mode=asked or mode_of(row),
        interval=optional_integer(row, "att_interval"),
        school_number=optional_integer(row, "schoolid"),
    )
