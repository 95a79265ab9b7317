"""What a record refers to: student, school, year, code, day, row and meeting."""

from collections.abc import Iterator

from vmps.simulator.attendance import Attendance
from vmps.simulator.columns import Row
from vmps.simulator.district import District
from vmps.simulator.meetings import Meeting, meetings_of
from vmps.simulator.payload import MEETING_MODES, BadRecord, Record
from vmps.simulator.school_years import yearid_of

Problem = tuple[str, str]


def check_references(
    record: Record, district: District, attendance: Attendance
) -> Meeting | None:
    """Check that all belong together; returns what a meeting's record is about."""
    problems = [*_student_and_day(record, district), *_code_and_year(record, district)]
    dcid = record.number("dcid")
    if dcid is not None and not _is_row_of(record, attendance.rows.get(dcid)):
        problems.append(("dcid", "NotFound"))
    if record.mode in MEETING_MODES:
        problems += _enrolment(record, district)
    if problems:
        raise BadRecord(problems)
    return _meeting(record, district) if record.mode in MEETING_MODES else None


def _meeting(record: Record, district: District) -> Meeting:
    """Return the meeting that all sent fields fit; the first that fits none is wrong.

    Only the times or the interval are required: with two sections in one period
    they do not tell which is meant, and the ccid is required after all.
    """
    left = meetings_of(district, record.studentid, record.schoolid, record.day)
    for field, held in (
        ("ccid", "ccid"),
        ("periodid", "periodid"),
        ("att_interval", "interval"),
        ("start_time", "start"),
        ("end_time", "end"),
    ):
        if (sent := record.number(field)) is None:
            continue
        left = [meeting for meeting in left if getattr(meeting, held) == sent]
        if not left:
            raise BadRecord([(field, "NoMeeting")])
    left = [meeting for meeting in left if meeting.att_mode_code == record.mode]
    if not left:
        raise BadRecord([("att_mode_code", "WrongMode")])
    if len(left) > 1:
        has_ccid = record.number("ccid") is not None
        raise BadRecord([("periodid" if has_ccid else "ccid", "Required")])
    return left[0]


def _enrolment(record: Record, district: District) -> Iterator[Problem]:
    ccid = record.number("ccid")
    if ccid is None:
        return
    found = district.classes.enrolment(ccid)
    if found is None:
        yield "ccid", "NotFound"
    elif found[0].studentid != record.studentid:
        yield "ccid", "WrongStudent"
    elif found[0].is_dropped:
        yield "ccid", "Dropped"


def _student_and_day(record: Record, district: District) -> Iterator[Problem]:
    day = record.day
    student = district.students.get(record.studentid)
    school = district.schools.get(record.schoolid)
    if school is None:
        yield "schoolid", "NotFound"
    if student is None:
        yield "studentid", "NotFound"
    if school is None:
        return
    if not school.is_in_session(day):
        yield "att_date", "NotInSession"
    if student is not None and not district.is_enrolled(student, school.number, day):
        yield "studentid", "NotEnrolled"
    if record.number("calendar_dayid") not in (None, school.calendar_day_id(day)):
        yield "calendar_dayid", "InvalidValue"


def _code_and_year(record: Record, district: District) -> Iterator[Problem]:
    day = record.day
    yearid = record.number("yearid")
    if yearid_of(day) != yearid:
        yield "yearid", "InvalidValue"
    code = district.codes.get(record.number("attendance_codeid") or 0)
    if code is None:
        yield "attendance_codeid", "NotFound"
    elif (code["schoolid"], code["yearid"]) != (record.schoolid, yearid):
        yield "attendance_codeid", "WrongSchoolOrYear"


def _is_row_of(record: Record, row: Row | None) -> bool:
    """Tell whether a row is the one that this record says it updates."""
    if row is None:
        return False
    same = ("studentid", "schoolid", "att_date", "att_mode_code")
    return all(str(row[name]) == record.sent[name] for name in same)
