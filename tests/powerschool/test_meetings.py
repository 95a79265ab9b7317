"""A student's meetings as the template query tells them."""

from typing import Any

import pytest
import responses

from vmps.powerschool import (
    AttendanceMode,
    Deadline,
    Meeting,
    PowerSchool,
    Throttled,
    meetings,
)
from vmps.powerschool.templates import QUERY

from .test_reads import asked, table
from .timetable import EIGHT, NINE, ON, TEMPLATE_URL, TEN, calls, serve

ROW = {
    "studentid": "77",
    "att_date": "2026-09-14",
    "ccid": "61",
    "periodid": "31",
    "start_time": str(EIGHT),
    "end_time": str(NINE),
}
MARKED = {"attendance_codeid": "4711", "att_comment": "Bus"}
INTERVAL = {**ROW, "att_interval": "4", "att_mode_code": "ATT_ModeInterval"}


def read(client: PowerSchool) -> list[Meeting]:
    return client.meetings(77, 1817, ON, deadline=Deadline.after(5))


def test_the_query_brings_a_student_s_meetings_in_one_call(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(TEMPLATE_URL, json=table("attendance", {**ROW, **MARKED}))
    assert read(powerschool) == [
        Meeting(
            cc_id=61,
            period_id=31,
            mode=AttendanceMode.MEETING,
            interval=None,
            starts=EIGHT,
            ends=NINE,
            period="",
            code_id=4711,
            comment="Bus",
            comment_is_known=True,
        )
    ]
    body = server.calls[-1].request.body
    assert body == b'{"studentid":"77","schoolid":"1817","att_date":"2026-09-14"}'
    assert asked(server)["pagesize"] == "0"


@pytest.mark.parametrize("told", [{}, {"attendance_codeid": "0"}])
def test_no_code_means_present(
    told: dict[str, str], server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(TEMPLATE_URL, json=table("attendance", {**ROW, **told}))
    (meeting,) = read(powerschool)
    assert meeting.code_id is None
    assert meeting.comment is None
    assert meeting.comment_is_known


@pytest.mark.parametrize(
    ("told", "mode", "interval"),
    [
        ({"att_mode_code": "ATT_ModeMeeting"}, AttendanceMode.MEETING, None),
        (
            {"att_mode_code": "ATT_ModeMeeting", "att_interval": "1"},
            AttendanceMode.MEETING,
            None,
        ),
        ({"att_interval": "0"}, AttendanceMode.MEETING, None),
        ({"att_interval": "4"}, AttendanceMode.INTERVAL, 4),
        (
            {"att_mode_code": "att_modeinterval", "att_interval": 4},
            AttendanceMode.INTERVAL,
            4,
        ),
    ],
)
def test_an_interval_is_told_by_its_mode_or_its_number(
    *,
    told: dict[str, Any],
    mode: AttendanceMode,
    interval: int | None,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    server.post(TEMPLATE_URL, json=table("attendance", {**ROW, **told}))
    (meeting,) = read(powerschool)
    assert (meeting.mode, meeting.interval) == (mode, interval)


def test_meetings_come_in_order_of_time_then_of_section(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    late = {**ROW, "ccid": "60", "start_time": NINE, "end_time": TEN}
    beside = {**ROW, "ccid": "59"}
    server.post(TEMPLATE_URL, json=table("attendance", late, ROW, beside))
    assert [meeting.cc_id for meeting in read(powerschool)] == [59, 61, 60]


def test_a_meeting_told_twice_comes_once_with_its_code(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    split = {**ROW, "start_time": NINE, "end_time": TEN}
    server.post(TEMPLATE_URL, json=table("attendance", ROW, {**split, **MARKED}))
    (meeting,) = read(powerschool)
    assert (meeting.starts, meeting.ends, meeting.code_id) == (EIGHT, TEN, 4711)


def test_the_intervals_of_a_section_are_meetings_of_their_own(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    other = {**INTERVAL, "att_interval": "5"}
    server.post(TEMPLATE_URL, json=table("attendance", INTERVAL, other))
    assert [meeting.interval for meeting in read(powerschool)] == [4, 5]


@pytest.mark.parametrize("answer", [{"name": "attendance"}, table("attendance")])
def test_a_student_without_meetings_has_none(
    answer: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(TEMPLATE_URL, json=answer)
    assert read(powerschool) == []
    assert calls(server) == [QUERY]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_the_tables_are_read_where_the_query_is_missing_or_refused(
    status: int, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(TEMPLATE_URL, status=status, json={"message": "no"})
    serve(server)
    assert [meeting.cc_id for meeting in read(powerschool)] == [61, 62]


@pytest.mark.parametrize("missing", ["ccid", "periodid", "start_time", "end_time"])
def test_the_tables_are_read_where_a_row_lacks_what_a_write_needs(
    missing: str, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    lacking = {name: value for name, value in ROW.items() if name != missing}
    server.post(TEMPLATE_URL, json=table("attendance", ROW, lacking))
    serve(server)
    assert [meeting.cc_id for meeting in read(powerschool)] == [61, 62]


def test_an_interval_without_its_number_cannot_be_written_so_tables_are_read(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    nameless = {**ROW, "att_mode_code": "ATT_ModeInterval"}
    server.post(TEMPLATE_URL, json=table("attendance", nameless))
    serve(server)
    assert [meeting.cc_id for meeting in read(powerschool)] == [61, 62]


def test_a_query_that_does_not_work_is_asked_again_after_some_minutes(
    server: responses.RequestsMock,
    powerschool: PowerSchool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve(server)
    read(powerschool)
    read(powerschool)
    assert calls(server).count(QUERY) == 1
    later = meetings.time.monotonic() + 601
    monkeypatch.setattr(meetings.time, "monotonic", lambda: later)
    powerschool.meetings(77, 1817, ON, deadline=Deadline(later + 5))
    assert calls(server).count(QUERY) == 2


def test_a_throttled_query_is_no_reason_to_read_tables(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(TEMPLATE_URL, status=429, json={"message": "Too many requests"})
    with pytest.raises(Throttled):
        read(powerschool)
    assert calls(server) == [QUERY]


def test_a_period_that_was_read_before_is_named(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(TEMPLATE_URL, json=table("attendance", ROW))
    serve(server)
    powerschool.bell_times(1817, ON, deadline=soon)
    (meeting,) = read(powerschool)
    assert meeting.period == "P1"
