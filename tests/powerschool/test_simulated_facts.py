"""Look-ups against the simulator: people, years, access, modes, clock."""

from datetime import date

import pytest

from vmps.powerschool import (
    AttendanceMode,
    Deadline,
    FieldsNotGranted,
    NotFound,
    PowerSchool,
)
from vmps.powerschool.people import windows_of
from vmps.simulator.control import Simulator

from .simulated import ON, SCHOOL, SEED

STUDENTS = SEED["students"]


@pytest.mark.parametrize("column", ["dcid", "id", "student_number"])
def test_a_sample_of_a_roster_is_looked_up_in_one_call(
    column: str, plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    roster = [int(student[column]) for student in STUDENTS]
    sample = windows_of(roster)[0]
    plugin.metadata(deadline=soon)  # the token is there
    simulator.reset_calls()
    found = plugin.students_with(column, sample, deadline=soon)
    assert len(found) == len(sample) == 100
    names = {str(s[column]): s["first_name"] for s in STUDENTS}
    assert all(names[str(getattr(s, column))] == s.first_name for s in found)
    assert sum(simulator.calls().values()) == 1


def test_access_tells_each_field_of_a_table(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    simulator.withdraw("ATTENDANCE", "TOTAL_MINUTES")
    access = plugin.field_access("ATTENDANCE", deadline=soon)
    assert access["att_date"] == "FullAccess"
    assert access["dcid"] == "ViewOnly"
    assert access["total_minutes"] == "NoAccess"


def test_access_to_a_table_that_is_not_there_is_an_error(
    plugin: PowerSchool, soon: Deadline
) -> None:
    with pytest.raises(NotFound):
        plugin.field_access("sectionmeeting", deadline=soon)


def test_minutes_that_may_not_be_read_stop_no_meeting(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    simulator.withdraw("ATTENDANCE", "TOTAL_MINUTES")
    assert plugin.attendance(SCHOOL, ON, None, deadline=soon) == []
    with pytest.raises(FieldsNotGranted):
        plugin.attendance(SCHOOL, ON, AttendanceMode.TIME, deadline=soon)


def test_preferences_about_attendance_are_a_school_s_of_a_year(
    plugin: PowerSchool, soon: Deadline
) -> None:
    found = plugin.preferences(SCHOOL, 36, deadline=soon)
    assert found["ATT_RecordModeDaily"] == "1"
    assert all(name.startswith("ATT_") for name in found)
    assert plugin.preferences(SCHOOL, 36, prefix="No", deadline=soon) == {}


def test_recent_rows_tell_which_mode_a_school_really_uses(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    student = int(STUDENTS[0]["id"])
    for day, mode in (("2026-09-01", "Daily"), ("2026-09-14", "Time")):
        code = f"ATT_Mode{mode}"
        simulator.put_attendance(student, SCHOOL, day, "T", att_mode_code=code)
    since = date(2026, 9, 10)
    rows = plugin.recent_attendance(SCHOOL, since, deadline=soon)
    assert [row.mode for row in rows] == [AttendanceMode.TIME]


@pytest.mark.parametrize("seconds", [0, 90, -3600])
def test_a_clock_that_is_wrong_shows(
    seconds: int, plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    simulator.settings(clock_skew_seconds=seconds)
    skew = plugin.metadata(deadline=soon).clock_skew_seconds
    assert skew is not None
    assert abs(skew - seconds) < 5


@pytest.mark.parametrize("column", ["dcid", "id", "student_number"])
def test_students_of_all_schools_are_found_by_a_list_in_one_call(
    column: str, plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    wanted = {str(student[column]): student for student in STUDENTS[::2]}
    plugin.metadata(deadline=soon)  # the token is there
    simulator.reset_calls()
    numbers = [*map(int, wanted), 10**15]
    found = plugin.students_listed(column, numbers, deadline=soon)
    assert {str(getattr(one, column)) for one in found} == wanted.keys()
    assert simulator.calls() == {"query:students_listed": 1}
    in_other_way = plugin.students_with(column, list(map(int, wanted)), deadline=soon)
    assert {one.id: one for one in found} == {one.id: one for one in in_other_way}


def test_an_older_plugin_has_no_query_for_lists(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    simulator.settings(missing_queries=["students_listed"])
    with pytest.raises(NotFound, match="students_listed"):
        plugin.students_listed("dcid", [1], deadline=soon)


def test_a_list_names_the_fields_that_were_not_granted(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    simulator.withdraw("STUDENTS", "EXITDATE")
    with pytest.raises(FieldsNotGranted) as caught:
        plugin.students_listed("dcid", [1], deadline=soon)
    assert [field.field for field in caught.value.fields] == ["ExitDate"]
