"""The meetings of a student on a day: of sections, cycle day and bell schedule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vmps.simulator.columns import Row
from vmps.simulator.district import District
from vmps.simulator.schedules import Bell, Period
from vmps.simulator.school_years import yearid_of
from vmps.simulator.schools import School
from vmps.simulator.sections import INTERVAL, Enrolment


@dataclass(frozen=True)
class Meeting:
    """A time at which a student's attendance is taken in a section."""

    ccid: int
    periodid: int
    period: Period
    att_mode_code: str
    start: int
    end: int
    interval: int = 0  # counted from 1 within the meeting; 0 in meeting mode

    @property
    def key(self) -> tuple[int, int, int]:
        """What tells its attendance from that of the student's other meetings."""
        return self.ccid, self.periodid, self.interval

    def as_json(self) -> Row:
        """Return it as the control API shows it."""
        return {
            "ccid": self.ccid,
            "periodid": self.periodid,
            "period_number": self.period.number,
            "period_name": self.period.name,
            "att_mode_code": self.att_mode_code,
            "att_interval": self.interval,
            "start_time": self.start,
            "end_time": self.end,
        }


def meetings_of(
    district: District, studentid: int, schoolid: int, day: date
) -> list[Meeting]:
    """Return a student's meetings at a school, by time; none while out of session."""
    school = district.schools.get(schoolid)
    student = district.students.get(studentid)
    if school is None or student is None or not school.is_in_session(day):
        return []
    if not district.is_enrolled(student, schoolid, day):
        return []
    found = [
        meeting
        for enrolment in district.classes.enrolments_of.get(studentid, ())
        if enrolment.section.schoolid == schoolid and enrolment.is_on(day)
        for meeting in _meetings(school, enrolment, day)
    ]
    return sorted(found, key=lambda meeting: (meeting.start, meeting.ccid))


def _meetings(school: School, enrolment: Enrolment, day: date) -> Iterator[Meeting]:
    section, schedule, yearid = enrolment.section, school.schedule, yearid_of(day)
    letter = schedule.letters[school.cycle_place(day)]
    for bell in schedule.bell_schedules[schedule.bell_place(day)].bells:
        period = schedule.periods[bell.place]
        if (period.number, letter) not in section.meets:
            continue
        for interval, start, end in _times(section.att_mode_code, school, bell):
            yield Meeting(
                ccid=enrolment.id_of(yearid),
                periodid=school.period_id(yearid, bell.place),
                period=period,
                att_mode_code=section.att_mode_code,
                start=start,
                end=end,
                interval=interval,
            )


def _times(mode: str, school: School, bell: Bell) -> Iterator[tuple[int, int, int]]:
    """Yield interval, start and end: one of a meeting, the intervals of others."""
    if mode != INTERVAL:
        yield 0, bell.start, bell.end
        return
    length = school.schedule.interval_seconds or bell.end - bell.start
    for place, start in enumerate(range(bell.start, bell.end, length)):
        yield place + 1, start, min(start + length, bell.end)
