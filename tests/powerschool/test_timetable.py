"""A student's meetings put together from tables, where no query tells them."""

from datetime import timedelta
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    AttendanceMode,
    Deadline,
    FieldsNotGranted,
    MalformedAnswer,
    Meeting,
    PowerSchool,
)

from .conftest import BASE
from .test_attendance import no_access
from .test_reads import table
from .timetable import EIGHT, NINE, ON, TABLES, TEN, calls, queries, serve

SCHOOL = [
    "calendar_day",
    "bell_schedule_items",
    "period",
    "cycle_day",
    "sections",
    "section_meeting",
]
TARDY = {
    "studentid": "77",
    "attendance_codeid": "4711",
    "ccid": "61",
    "periodid": "31",
    "att_mode_code": "ATT_ModeMeeting",
    "att_comment": "Bus",
}


def read(client: PowerSchool, student_id: int = 77) -> list[Meeting]:
    return client.meetings(student_id, 1817, ON, deadline=Deadline.after(5))


def test_meetings_are_joined_from_the_school_s_tables(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server)
    first, second = read(powerschool)
    assert (first.cc_id, first.period_id, first.period) == (61, 31, "P1")
    assert (first.starts, first.ends) == (EIGHT, NINE)
    assert (second.cc_id, second.period_id, second.period) == (62, 32, "2")
    assert (second.starts, second.ends) == (NINE, TEN)
    assert {first.mode, second.mode} == {AttendanceMode.MEETING}
    assert {first.code_id, second.code_id} == {None}


def test_each_table_is_asked_for_what_belongs_to_the_day(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server)
    read(powerschool)
    asked = queries(server)
    assert asked["bell_schedule_items"] == "bell_schedule_id==3"
    assert asked["period"] == "schoolid==1817;id=ge=31;id=le=32"
    assert asked["cycle_day"] == "id==21"
    year = "schoolid==1817;year_id==36"
    assert asked["section_meeting"] == f"{year};cycle_day_letter==A"
    by_interval = "schoolid==1817;att_mode_code==ATT_ModeInterval"
    assert asked["sections"] == f"{by_interval};termid=ge=3600;termid=le=3699"
    dates = "dateenrolled=le=2026-09-14;dateleft=gt=2026-09-14"
    assert asked["cc"] == f"studentid==77;sectionid=gt=0;{dates}"
    day = "schoolid==1817;att_date==2026-09-14"
    assert asked["attendance"] == f"{day};studentid==77"


def test_a_second_student_takes_two_calls(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server)
    read(powerschool)
    assert calls(server)[1:] == [*SCHOOL, "cc", "attendance"]
    read(powerschool, 78)
    assert calls(server)[9:] == ["cc", "attendance"]


def test_another_day_of_the_same_schedule_takes_one_more(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    serve(server)
    read(powerschool)
    powerschool.meetings(77, 1817, ON + timedelta(days=1), deadline=soon)
    assert calls(server)[9:] == ["calendar_day", "cc", "attendance"]


@pytest.mark.parametrize(
    "changes",
    [
        {"calendar_day": []},
        {"calendar_day": [{**TABLES["calendar_day"][0], "insession": "0"}]},
        {"calendar_day": [{"id": "9", "insession": "1", "cycle_day_id": "21"}]},
        {"calendar_day": [{"id": "9", "insession": "1", "bell_schedule_id": "3"}]},
        {"bell_schedule_items": []},
        {"bell_schedule_items": [{"period_id": "31"}]},
        {"period": []},
        {"cycle_day": []},
        {"section_meeting": []},
        {"cc": []},
    ],
)
def test_there_are_no_meetings_where_a_part_of_the_timetable_is_missing(
    changes: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, **changes)
    assert read(powerschool) == []
    assert "attendance" not in calls(server)


def test_what_stands_there_comes_with_its_meeting(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    daily = {**TARDY, "attendance_codeid": "1", "att_mode_code": "ATT_ModeDaily"}
    serve(server, attendance=[TARDY, daily])
    first, second = read(powerschool)
    assert (first.code_id, first.comment, first.comment_is_known) == (4711, "Bus", True)
    assert (second.code_id, second.comment) == (None, None)


def test_a_row_without_a_period_belongs_to_its_section(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, attendance=[{**TARDY, "periodid": "0"}])
    first, _second = read(powerschool)
    assert first.code_id == 4711


def test_of_two_rows_of_a_meeting_the_newer_counts(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, attendance=[TARDY, {**TARDY, "attendance_codeid": "4712"}])
    first, _second = read(powerschool)
    assert first.code_id == 4712


def test_two_sections_in_one_period_are_two_meetings(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    both = [{"id": "69", "sectionid": "777"}, {"id": "61", "sectionid": "501"}]
    serve(server, cc=both, attendance=[TARDY])
    first, second = read(powerschool)
    assert (first.cc_id, first.code_id) == (61, 4711)
    assert (second.cc_id, second.code_id) == (69, None)
    assert first.period_id == second.period_id


def test_a_section_in_two_periods_has_two_meetings(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    double = {"sectionid": "501", "period_number": "2"}
    serve(server, section_meeting=[*TABLES["section_meeting"], double])
    meetings = [(m.cc_id, m.period_id) for m in read(powerschool)]
    assert meetings == [(61, 31), (61, 32), (62, 32)]


@pytest.mark.parametrize(
    ("rows", "intervals"),
    [
        ([], [(1, None)]),
        ([{}], [(1, 4711)]),
        ([{"att_interval": "1"}], [(1, 4711)]),
        ([{"att_interval": "4"}], [(1, None), (4, 4711)]),
        ([{"att_interval": "4"}, {"att_interval": "1"}], [(1, 4711), (4, 4711)]),
    ],
)
def test_a_section_with_intervals_has_one_a_period_and_those_that_have_rows(
    rows: list[dict[str, str]],
    intervals: list[tuple[int, int | None]],
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    held = [{**TARDY, **row, "att_mode_code": "ATT_ModeInterval"} for row in rows]
    serve(server, sections=[{"id": "501"}], attendance=held)
    found = [m for m in read(powerschool) if m.cc_id == 61]
    assert [(m.interval, m.code_id) for m in found] == intervals
    assert {m.mode for m in found} == {AttendanceMode.INTERVAL}
    assert {(m.starts, m.ends) for m in found} == {(EIGHT, NINE)}


def test_intervals_are_as_long_as_the_school_prefers(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    length = {"name": "ATT_IntervalDuration", "value": "25"}
    held = {**TARDY, "att_mode_code": "ATT_ModeInterval", "att_interval": "2"}
    changes = {"sections": [{"id": "501"}], "prefs": [length], "attendance": [held]}
    serve(server, **changes)
    first, second, third, _other = read(powerschool)
    assert [m.interval for m in (first, second, third)] == [1, 2, 3]
    assert [m.code_id for m in (first, second, third)] == [None, 4711, None]
    assert (second.starts, second.ends) == (EIGHT + 1500, EIGHT + 3000)
    assert (third.starts, third.ends) == (EIGHT + 3000, NINE)
    name = "name==ATT_IntervalDuration*"
    assert queries(server)["prefs"] == f"schoolid==1817;yearid==36;{name}"


@pytest.mark.parametrize("value", ["0", "", "short", "-5"])
def test_an_odd_length_of_intervals_counts_as_none(
    value: str, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    length = {"name": "ATT_IntervalDuration", "value": value}
    serve(server, sections=[{"id": "501"}], prefs=[length])
    assert [m.interval for m in read(powerschool)] == [1, None]


def test_a_row_of_an_interval_makes_a_meeting_one(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    row = {**TARDY, "att_mode_code": "ATT_ModeInterval", "att_interval": "2"}
    serve(server, attendance=[row])
    first, second = read(powerschool)
    assert (first.mode, first.interval) == (AttendanceMode.INTERVAL, 2)
    assert second.mode is AttendanceMode.MEETING


def test_a_row_says_which_mode_a_section_really_has(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, sections=[{"id": "501"}], attendance=[TARDY])
    first, _second = read(powerschool)
    assert (first.mode, first.interval) == (AttendanceMode.MEETING, None)


def test_without_the_comment_s_field_no_comment_is_known(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    url = f"{BASE}/ws/schema/table/attendance"
    server.get(url, status=403, json=no_access("Att_Comment"))
    serve(server, attendance=[TARDY])
    assert [m.comment_is_known for m in read(powerschool)] == [False, False]


def test_a_table_that_may_not_be_read_names_its_fields(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    errors = [{"resource": "CC", "field": "DateLeft", "code": "NoAccess"}]
    url = f"{BASE}/ws/schema/table/cc"
    server.get(url, status=403, json={"message": "no", "errors": errors})
    serve(server)
    with pytest.raises(FieldsNotGranted) as caught:
        read(powerschool)
    assert [grant.field for grant in caught.value.fields] == ["DateLeft"]


def test_a_try_cut_short_leaves_what_it_read_to_the_next(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    url = f"{BASE}/ws/schema/table/section_meeting"
    full = [{"sectionid": "501", "period_number": "1"}] * 100
    server.get(url, json=table("section_meeting", *full))
    server.get(url, json=["broken"])
    serve(server)
    with pytest.raises(MalformedAnswer):
        read(powerschool)
    assert calls(server).count("section_meeting") == 2
    assert [m.cc_id for m in read(powerschool)] == [61, 62]
    assert calls(server).count("section_meeting") == 3


def test_a_letter_that_could_widen_the_search_is_malformed(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, cycle_day=[{"letter": "*"}])
    with pytest.raises(MalformedAnswer, match="letter"):
        read(powerschool)


def test_a_row_without_a_code_hides_none(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    codeless = {n: value for n, value in TARDY.items() if n != "attendance_codeid"}
    serve(server, attendance=[TARDY, codeless])
    first, _second = read(powerschool)
    assert first.code_id == 4711
