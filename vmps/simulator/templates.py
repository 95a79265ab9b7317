"""The templates of attendance: what a student's rows of a day are or would be."""

from datetime import date

from vmps.simulator.attendance import TIME
from vmps.simulator.columns import Row
from vmps.simulator.envelopes import Json, record, texts
from vmps.simulator.meetings import Meeting, meetings_of
from vmps.simulator.query_arguments import Arguments
from vmps.simulator.school_years import yearid_of
from vmps.simulator.simulation import Simulation

# columns of the meeting template that nobody has confirmed
INFERRED = frozenset({"ccid", "att_interval", "att_mode_code"})


def daily_template(simulation: Simulation, arguments: Arguments) -> list[Json]:
    """Make a student's daily row of a day: with a code when it exists."""
    day = arguments.day("att_date")
    student = _enrolled(simulation, arguments.number("studentid"), day)
    if student is None:
        return []
    studentid, schoolid = int(student["id"] or 0), int(student["schoolid"] or 0)
    held = simulation.attendance.daily(studentid, schoolid, day.isoformat()) or {}
    template: Row = {
        "attendance_codeid": held.get("attendance_codeid"),
        "att_date": day.isoformat(),
        "schoolid": schoolid,
        "yearid": yearid_of(day),
        "studentid": studentid,
        "comment": held.get("att_comment"),
    }
    return [_record(held, template)]


def time_template(simulation: Simulation, arguments: Arguments) -> list[Json]:
    """Make one time row: the one of a DCID, or a new one for 0."""
    day, dcid = arguments.day("att_date"), arguments.number("dcid")
    student = _enrolled(simulation, arguments.number("studentid"), day)
    if student is None:
        return []
    template: Row = {
        "att_date": day.isoformat(),
        "att_mode_code": TIME,
        "schoolid": student["schoolid"],
        "yearid": yearid_of(day),
        "studentid": student["id"],
    }
    held = simulation.attendance.rows.get(dcid, {})
    if dcid and any(held.get(name) != value for name, value in template.items()):
        return []
    for name in ("dcid", "attendance_codeid", "total_minutes", "att_comment"):
        template[name] = held.get(name)
    return [_record(held, template)]


def meeting_template(simulation: Simulation, arguments: Arguments) -> list[Json]:
    """Make a row for each scheduled meeting, or for each of its intervals."""
    studentid, schoolid = arguments.number("studentid"), arguments.number("schoolid")
    day = arguments.day("att_date")
    district = simulation.district
    return [
        _meeting_record(simulation, (studentid, schoolid, day.isoformat()), meeting)
        for meeting in meetings_of(district, studentid, schoolid, day)
    ]


def _meeting_record(
    simulation: Simulation, of: tuple[int, int, str], meeting: Meeting
) -> Json:
    key = (*of, meeting.att_mode_code, *meeting.key)
    held = simulation.attendance.upsertable(key) or {}
    template: Row = {
        "attendance_codeid": held.get("attendance_codeid"),
        "att_comment": held.get("att_comment"),
        "att_date": of[2],
        "start_time": meeting.start,
        "end_time": meeting.end,
        "studentid": of[0],
        "periodid": meeting.periodid,
        "ccid": meeting.ccid,
        "att_interval": meeting.interval or None,
        "att_mode_code": meeting.att_mode_code,
    }
    if not simulation.settings.template_has_ccid:
        template = {k: value for k, value in template.items() if k not in INFERRED}
    return _record(held, template)


def _enrolled(simulation: Simulation, studentid: int, day: date) -> Row | None:
    district = simulation.district
    student = district.students.get(studentid)
    if student is None:
        return None
    schoolid = int(student["schoolid"] or 0)
    return student if district.is_enrolled(student, schoolid, day) else None


def _record(held: Row, template: Row) -> Json:
    content = texts(template, template)
    return record("attendance", held.get("dcid") or 0, attendance=content)
