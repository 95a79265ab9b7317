"""What somebody does to PowerSchool behind our back: the replay must notice."""

from __future__ import annotations

from typing import Any

from tests.replay.day import Day
from tests.replay.people import Person, Story
from tests.replay.town import Place
from vmps.config import Settings
from vmps.models import Connection
from vmps.powerschool import AttendanceMode, AttendanceRecord, Deadline
from vmps.services.link import make_client

Row = dict[str, Any]


def tamper_with_all(day: Day, settings: Settings) -> dict[int, tuple[int, str]]:
    """Tamper in a school each way; return by student the school's number and a name."""
    found = {}
    for place, change in (
        (0, {"att_code": "TE"}),
        (4, {"att_code": None}),
        (1, {"total_minutes": 1}),
        (5, {"dcid": None}),
        (2, {"att_code": "S"}),
        (3, {"att_code": None}),
    ):
        school = day.town.places[place]
        person = find_person(school, Story.LATE)
        _change_row(day, school, person, change)
        name = f"{person.row['last_name']}, {person.row['first_name']}"
        found[person.ps_id] = school.number, name
    school = day.town.places[8]
    victim = _write_for_another(day, school, settings)
    found[victim] = school.number, f"PowerSchool student {victim}"
    return found


def find_person(place: Place, story: Story) -> Person:
    """Return the first person with this story."""
    return next(person for person in place.people if person.story is story)


def _change_row(day: Day, place: Place, person: Person, change: Row) -> None:
    """Write the person's last row once more, a little different."""
    rows = [row for row in day.simulator.journal() if row["studentid"] == person.ps_id]
    keys = (
        "att_code", "att_comment", "att_mode_code", "total_minutes", "dcid", "ccid",
        "periodid", "att_interval",
    )  # fmt: skip
    changed = {key: rows[-1][key] for key in keys} | change
    if place.mode != "time":
        changed |= {"dcid": None, "total_minutes": None}
    given = {key: value for key, value in changed.items() if value is not None}
    code = given.pop("att_code", None)
    today = day.script.day.isoformat()
    day.simulator.put_attendance(person.ps_id, place.number, today, code, **given)


def _write_for_another(day: Day, place: Place, settings: Settings) -> int:
    """Write as the plugin what is somebody else's; return whose it became."""
    row = next(
        row
        for row in day.simulator.journal()
        if row["schoolid"] == place.number and row["by"] == "plugin"
    )
    marked = {mark.ps_id for mark in day.script.marks}
    victim = next(ps_id for ps_id in place.bystanders if ps_id not in marked)
    record = AttendanceRecord(
        student_id=victim,
        school_number=place.number,
        year_id=row["yearid"],
        on=day.script.day,
        mode=AttendanceMode.DAILY,
        code_id=row["attendance_codeid"],
        comment=row["att_comment"],
    )
    with make_client(Connection.get(), settings) as client:
        client.write_daily(record, deadline=Deadline.after(5))
    return victim
