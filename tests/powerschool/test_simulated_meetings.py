"""Meetings against the simulator, by its template query and by its tables."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from vmps.powerschool import (
    AttendanceMode,
    Credentials,
    Deadline,
    FieldsNotGranted,
    Meeting,
    MeetingRecord,
    PowerSchool,
    Rejected,
)
from vmps.powerschool.templates import QUERY
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

from .conftest import LOOPBACK
from .simulated import ON

SCHOOLS = {"meeting": 1817, "interval": 1818}
SEED = invent_district(schools=2, students_per_school=60, modes=("meeting", "interval"))
SEED["schools"][0]["half_days"] = [ON.isoformat()]
NEXT = ON + timedelta(days=1)  # another letter
WAYS: dict[str, dict[str, Any]] = {
    "query": {},
    "no query": {"missing_queries": [QUERY]},
    "no ccid": {"template_has_ccid": False},
}


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A district that takes attendance by meeting in one school, else by interval."""
    shared_simulator.seed(SEED)
    return shared_simulator


@pytest.fixture
def plugin(simulator: Simulator) -> Iterator[PowerSchool]:
    credentials = Credentials(SEED["client_id"], SEED["client_secret"])
    with PowerSchool(simulator.url, credentials, network=LOOPBACK) as client:
        yield client


def students(school: int) -> list[int]:
    number = str(school)
    return [int(s["id"]) for s in SEED["students"] if s["school_number"] == number]


def read(
    client: PowerSchool, student: int, school: int = 1817, on: date = ON
) -> list[Meeting]:
    return client.meetings(student, school, on, deadline=Deadline.after(5))


def known(meetings: list[Meeting]) -> list[dict[str, Any]]:
    return [
        {
            "ccid": meeting.cc_id,
            "periodid": meeting.period_id,
            "att_mode_code": f"ATT_Mode{meeting.mode.title()}",
            "att_interval": meeting.interval or 0,
            "start_time": meeting.starts,
            "end_time": meeting.ends,
        }
        for meeting in meetings
    ]


def held(simulator: Simulator, student: int, on: date) -> list[dict[str, Any]]:
    names = ("period_number", "period_name")
    return [
        {name: value for name, value in meeting.items() if name not in names}
        for meeting in simulator.meetings(student, on.isoformat())
    ]


def record_of(
    client: PowerSchool, meeting: Meeting, student: int, code: str = "T"
) -> MeetingRecord:
    school = SCHOOLS[meeting.mode]
    codes = client.attendance_codes(school, ON, deadline=Deadline.after(5))
    found = next(one for one in codes if one.code == code)
    return MeetingRecord(
        student_id=student,
        school_number=school,
        year_id=found.year_id,
        on=ON,
        mode=meeting.mode,
        code_id=found.id,
        cc_id=meeting.cc_id,
        period_id=meeting.period_id,
        starts=meeting.starts,
        ends=meeting.ends,
        interval=meeting.interval,
        comment="Bus late",
    )


@pytest.mark.parametrize("mode", SCHOOLS)
@pytest.mark.parametrize("way", WAYS)
def test_every_student_s_meetings_are_found_on_both_days(
    way: str, mode: str, plugin: PowerSchool, simulator: Simulator
) -> None:
    """Dropped sections, two sections in a period, half days and letters included."""
    simulator.settings(**WAYS[way])
    school = SCHOOLS[mode]
    for student in students(school):
        for day in (ON, NEXT):
            found = read(plugin, student, school, day)
            assert known(found) == held(simulator, student, day)
            assert len(found) >= 6


@pytest.mark.parametrize("way", WAYS)
def test_there_are_none_on_a_day_without_school_or_for_strangers(
    way: str, plugin: PowerSchool, simulator: Simulator
) -> None:
    simulator.settings(**WAYS[way])
    student = students(1817)[0]
    assert read(plugin, student, on=ON - timedelta(days=1)) == []  # a Sunday
    assert read(plugin, student, 1818) == []
    assert read(plugin, 1) == []


@pytest.mark.parametrize("mode", SCHOOLS)
@pytest.mark.parametrize("way", WAYS)
def test_what_was_written_stands_at_its_meeting(
    way: str,
    mode: str,
    plugin: PowerSchool,
    simulator: Simulator,
    soon: Deadline,
) -> None:
    simulator.settings(**WAYS[way])
    school, student = SCHOOLS[mode], students(SCHOOLS[mode])[0]
    before = read(plugin, student, school)
    records = [record_of(plugin, meeting, student) for meeting in before[:2]]
    results = plugin.write_meetings(records, deadline=soon)
    assert [result.action for result in results] == ["INSERT", "INSERT"]
    after = read(plugin, student, school)
    codes = [meeting.code_id for meeting in after]
    assert codes == [records[0].code_id] * 2 + [None] * (len(before) - 2)
    assert after[0].comment == "Bus late"
    assert known(after) == known(before)


def test_a_second_write_updates_and_is_read_back_in_one_call(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    student = students(1817)[0]
    first, second, *_others = read(plugin, student)
    record = record_of(plugin, first, student)
    (written,) = plugin.write_meetings([record], deadline=soon)
    absent = record_of(plugin, first, student, "A")
    both = [replace(absent, comment=None), record_of(plugin, second, student)]
    results = plugin.write_meetings(both, deadline=soon)
    assert [result.action for result in results] == ["UPDATE", "INSERT"]
    assert results[0].dcid == written.dcid
    rows = plugin.attendance(1817, ON, None, deadline=soon)
    assert [row.code_id for row in rows] == [absent.code_id, record.code_id]
    assert [row.mode for row in rows] == [AttendanceMode.MEETING] * 2
    assert [row.cc_id for row in rows] == [first.cc_id, second.cc_id]
    assert rows[0].comment == "Bus late"


def test_without_the_query_a_further_student_takes_two_calls(
    plugin: PowerSchool, simulator: Simulator
) -> None:
    simulator.settings(missing_queries=[QUERY])
    first, second, third = students(1817)[:3]
    read(plugin, first)
    simulator.reset_calls()
    read(plugin, second)
    read(plugin, third)
    assert sum(simulator.calls().values()) == 4


def test_with_the_query_every_student_takes_one_call(
    plugin: PowerSchool, simulator: Simulator
) -> None:
    first, second = students(1817)[:2]
    read(plugin, first)
    simulator.reset_calls()
    read(plugin, second)
    assert sum(simulator.calls().values()) == 1


def test_where_neither_way_is_open_the_field_is_named(
    plugin: PowerSchool, simulator: Simulator
) -> None:
    simulator.withdraw("CC", "DATELEFT")
    with pytest.raises(FieldsNotGranted) as caught:
        read(plugin, students(1817)[0])
    assert "DATELEFT" in caught.value.plugin_lines().upper()


def test_a_meeting_that_is_not_the_student_s_is_refused(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    student, other = students(1817)[:2]
    meeting = read(plugin, other)[0]
    with pytest.raises(Rejected):
        plugin.write_meetings([record_of(plugin, meeting, student)], deadline=soon)
    assert simulator.attendance() == []


def test_bell_times_of_a_half_day_are_shorter(
    plugin: PowerSchool, soon: Deadline
) -> None:
    half = plugin.bell_times(1817, ON, deadline=soon)
    whole = plugin.bell_times(1817, NEXT, deadline=soon)
    assert [time.period for time in half] == [f"P{n}" for n in range(1, 7)]
    assert [time.period_id for time in half] == [time.period_id for time in whole]
    assert half[-1].ends < whole[-1].ends
    assert whole[0].starts == 8 * 3600
