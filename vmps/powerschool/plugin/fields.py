"""The fields that the plugin asks for, and what each of them is needed for."""

# PowerSchool enables no plugin that names an unknown table or column, and upgrading to
# one takes the running plugin down. So only what is certain to exist stands here.

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vmps.powerschool.errors import FULL_ACCESS, VIEW_ONLY, FieldGrant


class Use(StrEnum):
    """What a field is needed for: without the field it stops, and nothing else."""

    DAILY = "Daily mode"
    TIME = "Time mode"
    MEETING = "Meeting mode"
    HALF_DAYS = "half days in Daily mode"
    COMMENTS = "comments"
    CODES = "importing attendance codes"
    YEARS = "new school years"
    SCHOOLS = "names of schools"
    MODE_CHECK = "checking the attendance mode"
    #: They answer more in one call; where they are refused, tables are read instead.
    QUERIES = "PowerSchool's own queries"


@dataclass(frozen=True, slots=True)
class RequestedField:
    """One line of the access request, with what needs it."""

    grant: FieldGrant
    uses: tuple[Use, ...]


_MODES = (Use.DAILY, Use.TIME, Use.MEETING)
_TIMETABLE = (Use.TIME, Use.MEETING)
_BELLS = (*_TIMETABLE, Use.HALF_DAYS)

_REQUESTED: tuple[tuple[str, str, str, tuple[Use, ...]], ...] = (
    (
        "ATTENDANCE",
        FULL_ACCESS,
        "STUDENTID SCHOOLID YEARID ATT_DATE ATT_MODE_CODE ATTENDANCE_CODEID"
        " CALENDAR_DAYID",
        _MODES,
    ),
    ("ATTENDANCE", FULL_ACCESS, "ATT_COMMENT", (Use.COMMENTS,)),
    ("ATTENDANCE", FULL_ACCESS, "TOTAL_MINUTES", (Use.TIME,)),
    ("ATTENDANCE", FULL_ACCESS, "CCID PERIODID ATT_INTERVAL", (Use.MEETING,)),
    ("ATTENDANCE", FULL_ACCESS, "PROGRAMID", (Use.QUERIES,)),
    ("ATTENDANCE", VIEW_ONLY, "DCID", _MODES),
    ("ATTENDANCE", VIEW_ONLY, "ID", (Use.QUERIES,)),
    (
        "ATTENDANCE_CODE",
        VIEW_ONLY,
        "ID ATT_CODE DESCRIPTION PRESENCE_STATUS_CD SCHOOLID YEARID",
        (*_MODES, Use.CODES),
    ),
    ("ATTENDANCE_CODE", VIEW_ONLY, "DCID SORTORDER", (Use.CODES,)),
    (
        "STUDENTS",
        VIEW_ONLY,
        "ID DCID STUDENT_NUMBER FIRST_NAME LAST_NAME GRADE_LEVEL SCHOOLID"
        " ENROLL_STATUS ENTRYDATE EXITDATE",
        _MODES,
    ),
    ("SCHOOLS", VIEW_ONLY, "ID DCID SCHOOL_NUMBER NAME ABBREVIATION", (Use.SCHOOLS,)),
    (
        "TERMS",
        VIEW_ONLY,
        "YEARID SCHOOLID FIRSTDAY LASTDAY",
        (Use.YEARS, Use.QUERIES),
    ),
    ("TERMS", VIEW_ONLY, "ID DCID ISYEARREC ABBREVIATION", (Use.YEARS,)),
    ("CALENDAR_DAY", VIEW_ONLY, "ID SCHOOLID DATE_VALUE INSESSION", _MODES),
    ("CALENDAR_DAY", VIEW_ONLY, "DCID", _TIMETABLE),
    ("CALENDAR_DAY", VIEW_ONLY, "BELL_SCHEDULE_ID CYCLE_DAY_ID", _BELLS),
    ("BELL_SCHEDULE", VIEW_ONLY, "ID NAME SCHOOLID YEAR_ID", _TIMETABLE),
    (
        "BELL_SCHEDULE_ITEMS",
        VIEW_ONLY,
        "BELL_SCHEDULE_ID PERIOD_ID START_TIME END_TIME",
        _BELLS,
    ),
    ("BELL_SCHEDULE_ITEMS", VIEW_ONLY, "ID DAILY_ATTENDANCE_CODE", _TIMETABLE),
    (
        "PERIOD",
        VIEW_ONLY,
        "ID PERIOD_NUMBER ABBREVIATION NAME SCHOOLID YEAR_ID SORT_ORDER",
        (Use.MEETING,),
    ),
    ("CYCLE_DAY", VIEW_ONLY, "ID LETTER SCHOOLID YEAR_ID", (Use.MEETING,)),
    (
        "SECTION_MEETING",
        VIEW_ONLY,
        "SECTIONID PERIOD_NUMBER CYCLE_DAY_LETTER SCHOOLID YEAR_ID",
        (Use.MEETING,),
    ),
    (
        "CC",
        VIEW_ONLY,
        "ID STUDENTID SECTIONID SCHOOLID TERMID DATEENROLLED DATELEFT COURSE_NUMBER",
        (Use.MEETING,),
    ),
    (
        "SECTIONS",
        VIEW_ONLY,
        "ID DCID ATT_MODE_CODE ATTENDANCE_TYPE_CODE SCHOOLID TERMID",
        (Use.MEETING,),
    ),
    ("PREFS", VIEW_ONLY, "NAME VALUE SCHOOLID YEARID", (Use.MODE_CHECK,)),
)

ACCESS_REQUEST = tuple(
    RequestedField(FieldGrant(table, name, access), uses)
    for table, access, names, uses in _REQUESTED
    for name in names.split()
)


def uses_of(fields: Iterable[FieldGrant]) -> tuple[Use, ...]:
    """What stops without these fields, in the order of Use.

    However they are spelled. PowerSchool may name a column of its own that we did not
    ask for: then it is all that its table is needed for.
    """
    uses: set[Use] = set()
    for field in fields:
        of_table = [r for r in ACCESS_REQUEST if _same(r.grant.table, field.table)]
        exact = [r for r in of_table if _same(r.grant.field, field.field)]
        uses.update(use for r in exact or of_table for use in r.uses)
    return tuple(use for use in Use if use in uses)


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
