"""Reading ATTENDANCE: by school, date and mode, with or without the comment."""

from datetime import date
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRow,
    Deadline,
    FieldsNotGranted,
    PowerSchool,
    TooManyPages,
    attendance,
)

from .conftest import BASE
from .test_reads import asked, table

URL = f"{BASE}/ws/schema/table/attendance"
ON = date(2026, 9, 14)
ROW = {"studentid": "77", "attendance_codeid": "4711", "yearid": "36"}


def no_access(*fields: str) -> dict[str, Any]:
    errors = [{"resource": "Attendance", "field": field} for field in fields]
    return {"message": "lacks sufficient permission", "errors": errors}


def read(client: PowerSchool, **wanted: Any) -> list[AttendanceRow]:
    soon = Deadline.after(5)
    return client.attendance(1817, ON, AttendanceMode.DAILY, deadline=soon, **wanted)


def test_rows_become_our_records(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(URL, json=table("attendance", {**ROW, "att_comment": "Bus"}))
    assert read(powerschool) == [
        AttendanceRow(
            dcid=1,
            student_id=77,
            code_id=4711,
            year_id=36,
            comment="Bus",
            comment_is_known=True,
            total_minutes=None,
            period_id=None,
            cc_id=None,
            mode=AttendanceMode.DAILY,
            interval=None,
        )
    ]


def test_a_row_without_a_comment_is_known_to_have_none(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(URL, json=table("attendance", ROW))
    (row,) = read(powerschool)
    assert row.comment is None
    assert row.comment_is_known


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        ({}, ""),
        ({"student_ids": (77, 77)}, ";studentid==77"),
        ({"student_ids": (7, 9)}, ";studentid=ge=7;studentid=le=9"),
        ({"dcids": (5, 9)}, ";dcid=ge=5;dcid=le=9"),
    ],
)
def test_rows_are_found_by_school_date_and_mode(
    *,
    wanted: dict[str, tuple[int, int]],
    query: str,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    server.get(URL, json=table("attendance"))
    read(powerschool, **wanted)
    always = "schoolid==1817;att_date==2026-09-14;att_mode_code==ATT_ModeDaily"
    assert asked(server)["q"] == always + query


@pytest.mark.parametrize(
    ("mode", "columns"),
    [
        (AttendanceMode.DAILY, ""),
        (AttendanceMode.TIME, ",total_minutes"),
        (AttendanceMode.MEETING, ",periodid,ccid,att_interval,att_mode_code"),
        (AttendanceMode.INTERVAL, ",periodid,ccid,att_interval,att_mode_code"),
        (None, ",periodid,ccid,att_interval,att_mode_code"),
    ],
)
def test_only_the_columns_of_the_mode_are_asked_for(
    *,
    mode: AttendanceMode | None,
    columns: str,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
    soon: Deadline,
) -> None:
    server.get(URL, json=table("attendance"))
    powerschool.attendance_page(1817, ON, mode, 1, deadline=soon)
    always = "studentid,attendance_codeid,yearid,att_comment"
    assert asked(server)["projection"] == always + columns


def test_all_pages_are_read(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    for size in (100, 100, 0):
        server.get(URL, json=table("attendance", *[ROW] * size))
    assert len(read(powerschool)) == 200
    assert asked(server)["pagesize"] == "100"


def test_a_refused_comment_is_left_out_and_said_to_be_unknown(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(URL, status=403, json=no_access("Att_Comment"))
    server.get(URL, json=table("attendance", ROW))
    (row,) = read(powerschool)
    assert not row.comment_is_known
    assert "att_comment" not in asked(server)["projection"]


def test_a_refused_comment_is_remembered_for_a_while(
    server: responses.RequestsMock,
    powerschool: PowerSchool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = server.get(URL, status=403, json=no_access("ATT_COMMENT"))
    server.get(URL, json=table("attendance", ROW))
    read(powerschool)
    read(powerschool)
    assert refused.call_count == 1
    later = attendance.time.monotonic() + 301
    monkeypatch.setattr(attendance.time, "monotonic", lambda: later)
    page = AttendanceMode.DAILY
    powerschool.attendance_page(1817, ON, page, 1, deadline=Deadline(later + 5))
    assert "att_comment" in asked(server)["projection"]


@pytest.mark.parametrize("fields", [("SchoolID",), ("Att_Comment", "YearID"), ()])
def test_other_refused_fields_are_an_error(
    fields: tuple[str, ...], server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(URL, status=403, json=no_access(*fields))
    with pytest.raises(FieldsNotGranted) as caught:
        read(powerschool)
    assert tuple(grant.field for grant in caught.value.fields) == fields


def test_rows_of_all_schools_tell_their_school(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(URL, json=table("attendance", {**ROW, "schoolid": "1818"}))
    (row,) = powerschool.attendance(None, ON, AttendanceMode.DAILY, deadline=soon)
    assert row.school_number == 1818
    assert asked(server)["q"] == "att_date==2026-09-14;att_mode_code==ATT_ModeDaily"
    columns = "studentid,attendance_codeid,yearid,att_comment,schoolid"
    assert asked(server)["projection"] == columns


def test_more_pages_than_wanted_are_refused(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(URL, json=table("attendance", ROW, ROW))
    with pytest.raises(TooManyPages):
        powerschool.attendance(
            None, ON, AttendanceMode.DAILY, deadline=soon, page_size=2, most_pages=2
        )
    assert sum(call.request.url.startswith(URL) for call in server.calls) == 2
