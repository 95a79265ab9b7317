"""The district that the simulator holds when the client is tested against it."""

from datetime import date

from vmps.powerschool import AttendanceCode, Deadline, PowerSchool
from vmps.simulator.invent import invent_district

SEED = invent_district(schools=2, students_per_school=120)
SCHOOL = 1817
ON = date(2026, 9, 14)


def codes_of(client: PowerSchool) -> dict[str, AttendanceCode]:
    """The school's codes of the day by their text."""
    codes = client.attendance_codes(SCHOOL, ON, deadline=Deadline.after(5))
    return {code.code: code for code in codes}
