"""Writing meetings: what is sent, and what is made of whole and partial answers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    AttendanceMode,
    Deadline,
    FieldsNotGranted,
    MalformedAnswer,
    MeetingRecord,
    PartlyWritten,
    PowerSchool,
    Rejected,
    ServerError,
    WriteResult,
)

from .conftest import BASE
from .test_writes import INSERTED, REFUSED, UPDATED, sent, told

URL = f"{BASE}/ws/attendance/meeting_interval"
FIRST = MeetingRecord(
    student_id=77,
    school_number=1817,
    year_id=36,
    on=date(2026, 9, 14),
    mode=AttendanceMode.MEETING,
    code_id=4711,
    cc_id=61,
    period_id=31,
    starts=28800,
    ends=32400,
)
SECOND = replace(FIRST, cc_id=62, period_id=32, starts=32400, ends=36000)
INTERVAL = replace(FIRST, mode=AttendanceMode.INTERVAL, interval=4, comment="Bus")
BOTH = [FIRST, SECOND]


def write(client: PowerSchool, records: list[MeetingRecord]) -> list[WriteResult]:
    return client.write_meetings(records, deadline=Deadline.after(5))


def test_times_are_sent_as_numbers_and_all_else_as_text(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(URL, json=told(INSERTED))
    assert write(powerschool, [FIRST]) == [WriteResult("INSERT", 987654)]
    assert sent(server) == [
        {
            "studentid": "77",
            "schoolid": "1817",
            "yearid": "36",
            "att_date": "2026-09-14",
            "att_mode_code": "ATT_ModeMeeting",
            "attendance_codeid": "4711",
            "ccid": "61",
            "periodid": "31",
            "start_time": 28800,
            "end_time": 32400,
        }
    ]


def test_an_interval_is_sent_with_its_number_and_without_times(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(URL, json=told(INSERTED))
    write(powerschool, [replace(INTERVAL, calendar_day_id=9)])
    (columns,) = sent(server)
    assert columns["att_mode_code"] == "ATT_ModeInterval"
    assert columns["att_interval"] == "4"
    assert columns["att_comment"] == "Bus"
    assert columns["calendar_dayid"] == "9"
    assert not {"start_time", "end_time"} & columns.keys()


def test_meetings_and_intervals_of_a_day_go_in_one_call(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(URL, json=told(INSERTED, UPDATED, updates=1))
    results = write(powerschool, [SECOND, INTERVAL])
    assert results == [WriteResult("INSERT", 987654), WriteResult("UPDATE", 987655)]
    assert [columns["ccid"] for columns in sent(server)] == ["62", "61"]


@pytest.mark.parametrize(
    "records",
    [
        [FIRST, replace(SECOND, student_id=78)],
        [FIRST, replace(SECOND, on=date(2026, 9, 15))],
        [replace(FIRST, mode=AttendanceMode.DAILY)],
        [replace(INTERVAL, interval=None)],
    ],
)
def test_what_the_endpoint_does_not_take_is_never_sent(
    records: list[MeetingRecord],
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    with pytest.raises(ValueError, match="meeting"):
        write(powerschool, records)
    assert len(server.calls) == 0


def test_no_meetings_take_no_call(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    assert write(powerschool, []) == []
    assert len(server.calls) == 0


@pytest.mark.parametrize(
    ("answer", "actions"),
    [
        (told(INSERTED, INSERTED, inserts=2), ["INSERT", "INSERT"]),
        (told(INSERTED, UPDATED, inserts="1", updates="1"), ["INSERT", "UPDATE"]),
        ({"insert_count": 2, "update_count": 0}, ["INSERT", "INSERT"]),
        ({"insert_count": "0", "update_count": "2"}, ["UPDATE", "UPDATE"]),
        (told(inserts=0, updates=2), ["UPDATE", "UPDATE"]),
    ],
)
def test_a_write_that_counts_every_meeting_is_a_result(
    answer: Any,
    actions: list[str],
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    server.post(URL, json=answer)
    assert [result.action for result in write(powerschool, BOTH)] == actions


@pytest.mark.parametrize(
    "answer",
    [
        told(REFUSED, REFUSED, inserts=0),
        told(INSERTED, INSERTED, inserts=0),
        told(inserts=0),
        {"message": "Attendance is locked"},
    ],
)
def test_a_200_that_wrote_nothing_is_rejected(
    answer: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(URL, json=answer)
    with pytest.raises(Rejected) as caught:
        write(powerschool, BOTH)
    assert not caught.value.is_ambiguous


@pytest.mark.parametrize(
    "answer", [told(INSERTED, REFUSED), told(REFUSED, REFUSED, inserts=1)]
)
def test_a_partial_write_is_ambiguous_and_says_what_was_refused(
    answer: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(URL, json=answer)
    with pytest.raises(PartlyWritten, match="No such code") as caught:
        write(powerschool, BOTH)
    assert caught.value.is_ambiguous
    assert caught.value.status == 200


@pytest.mark.parametrize(
    "answer", [told(INSERTED), {"insert_count": 1}, {"insert_count": 3}, {}, []]
)
def test_an_answer_that_leaves_a_meeting_out_is_ambiguous(
    answer: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(URL, json=answer)
    with pytest.raises(MalformedAnswer) as caught:
        write(powerschool, BOTH)
    assert caught.value.is_ambiguous


def test_a_single_refused_meeting_is_rejected(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(URL, json=told(REFUSED))
    with pytest.raises(Rejected, match="No such code"):
        write(powerschool, [FIRST])


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Rejected), (403, FieldsNotGranted), (500, ServerError)],
)
def test_a_refused_call_is_its_typed_error(
    status: int,
    error: type[Exception],
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    errors = [{"resource": "ATTENDANCE", "field": "CCID", "code": "NoAccess"}]
    server.post(URL, status=status, json={"message": "no", "errors": errors})
    with pytest.raises(error) as caught:
        write(powerschool, BOTH)
    if isinstance(caught.value, FieldsNotGranted):
        assert 'access="FullAccess"' in caught.value.plugin_lines()
