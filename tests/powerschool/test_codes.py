"""Attendance codes come from the query, and from the table where that fails."""

from datetime import date
from typing import Any

import pytest
import responses

from vmps.powerschool import AttendanceCode, Deadline, FieldsNotGranted, PowerSchool
from vmps.powerschool.codes import QUERY, year_id_of

from .conftest import BASE
from .test_reads import asked, table

QUERY_URL = f"{BASE}/ws/schema/query/{QUERY}"
TABLE_URL = f"{BASE}/ws/schema/table/attendance_code"
ON = date(2026, 9, 14)
NO_ACCESS = {
    "message": "At least one column lacks sufficient permission",
    "errors": [
        {"code": "NoAccess", "field": "Att_Code", "resource": "Attendance_Code"}
    ],
}
TARDY = {
    "attendance_codeid": "4711",
    "att_code": "T",
    "description": "Tardy",
    "presence_status_cd": "Present",
    "yearid": "36",
}
ROW = {
    "id": "4711",
    "att_code": "T",
    "description": "Tardy",
    "presence_status_cd": "Present",
    "yearid": "36",
}
TARDY_CODE = AttendanceCode(4711, "T", "Tardy", "Present", 36)


def without(row: dict[str, Any], *columns: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def test_the_query_brings_ids_and_year_in_one_call(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(QUERY_URL, json=table("attendance_code", TARDY))
    assert powerschool.attendance_codes(1817, ON, deadline=soon) == [TARDY_CODE]
    body = server.calls[-1].request.body
    assert body == b'{"schoolid":"1817","att_date":"2026-09-14"}'
    assert asked(server)["pagesize"] == "0"


def test_the_blank_code_is_present_without_text(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(QUERY_URL, json=table("attendance_code", without(TARDY, "att_code")))
    (code,) = powerschool.attendance_codes(1817, ON, deadline=soon)
    assert code.code == ""


@pytest.mark.parametrize("status", [403, 404])
def test_the_table_is_read_where_the_query_is_missing_or_refused(
    *,
    status: int,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
    soon: Deadline,
) -> None:
    server.post(QUERY_URL, status=status, json={"message": "Query not found"})
    server.get(TABLE_URL, json=table("attendance_code", ROW))
    assert powerschool.attendance_codes(1817, ON, deadline=soon) == [TARDY_CODE]
    assert asked(server)["q"] == "schoolid==1817;yearid==36"


def test_presence_is_merged_from_the_table_when_the_query_has_none(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    bare = without(TARDY, "presence_status_cd", "description")
    unknown = {**bare, "attendance_codeid": "1"}
    server.post(QUERY_URL, json=table("attendance_code", bare, unknown))
    server.get(TABLE_URL, json=table("attendance_code", ROW))
    codes = powerschool.attendance_codes(1817, ON, deadline=soon)
    assert codes == [TARDY_CODE, AttendanceCode(1, "T", "", None, 36)]


def test_codes_without_presence_are_better_than_none(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    bare = without(TARDY, "presence_status_cd")
    server.post(QUERY_URL, json=table("attendance_code", bare))
    server.get(TABLE_URL, status=403, json=NO_ACCESS)
    (code,) = powerschool.attendance_codes(1817, ON, deadline=soon)
    assert code.presence is None


def test_both_ways_refused_names_the_fields(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(QUERY_URL, status=404)
    server.get(TABLE_URL, status=403, json=NO_ACCESS)
    with pytest.raises(FieldsNotGranted) as caught:
        powerschool.attendance_codes(1817, ON, deadline=soon)
    assert caught.value.fields[0].field == "Att_Code"


@pytest.mark.parametrize(
    ("on", "year_id"),
    [
        (date(2026, 7, 1), 36),
        (date(2026, 12, 31), 36),
        (date(2027, 6, 30), 36),
        (date(2027, 7, 1), 37),
    ],
)
def test_the_school_year_turns_over_in_july(on: date, year_id: int) -> None:
    assert year_id_of(on) == year_id


def test_of_two_school_years_the_date_s_own_is_kept(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    old = TARDY | {"attendance_codeid": "11", "yearid": "35"}
    server.post(QUERY_URL, json=table("attendance_code", old, TARDY, old))
    assert powerschool.attendance_codes(1817, ON, deadline=soon) == [TARDY_CODE]


def test_a_code_that_comes_twice_counts_once(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(QUERY_URL, json=table("attendance_code", TARDY, TARDY))
    assert powerschool.attendance_codes(1817, ON, deadline=soon) == [TARDY_CODE]
