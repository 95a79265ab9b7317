"""Refusals of the table API, and the order of its checks."""

from typing import Any

import pytest

from vmps.simulator.control import Simulator

from .caller import Caller


@pytest.mark.parametrize(
    ("projection", "q", "message"),
    [
        ("xyz,att_flags", "att_flags==x", "Invalid field specified: xyz is not valid"),
        ("att_flags", "xyz==1;yearid==x", "Invalid field xyz"),
        ("att_flags", "yearid==x", "Invalid number 'x' passed for comparison to"),
        ("att_flags", "att_date==soon", "Invalid date 'soon' passed for comparison"),
        ("att_flags", "att_comment==x", "Querying not supported against clob"),
    ],
)
def test_mistakes_come_before_permission(
    caller: Caller, projection: str, q: str, message: str
) -> None:
    answer = caller.table("attendance", projection, q=q)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(message)


def test_missing_permission_lists_every_column(caller: Caller) -> None:
    answer = caller.table("attendance", "att_flags,dcid", q="lock_teacher_yn==1")
    assert answer.status_code == 403
    assert answer.json() == {
        "message": "At least one column lacks sufficient permission",
        "errors": [
            {"code": "NoAccess", "field": "att_flags", "resource": "Attendance"},
            {"code": "NoAccess", "field": "Lock_Teacher_YN", "resource": "Attendance"},
        ],
    }


def test_withdrawn_field_is_refused_until_restored(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.withdraw("ATTENDANCE", "ATT_COMMENT")
    assert caller.table("attendance", "att_comment").status_code == 403
    assert caller.table("attendance", "att_date").status_code == 200
    simulator.restore_grants()
    assert caller.table("attendance", "att_comment").status_code == 200


def test_plain_count_touches_no_column(caller: Caller, simulator: Simulator) -> None:
    for field in ("NAME", "VALUE", "SCHOOLID", "YEARID"):
        simulator.withdraw("PREFS", field)
    path = "/ws/schema/table/prefs/count"
    assert caller.call("GET", path).status_code == 200
    assert caller.call("GET", f"{path}?q=schoolid==1817").status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "table/nowhere?projection=id", 404),
        ("GET", "table/teachers?projection=id", 405),
        ("POST", "table/teachers", 405),
        ("POST", "table/attendance", 405),
        ("PUT", "table/attendance/10001", 405),
        ("DELETE", "table/attendance/10001", 405),
        ("GET", "table/attendance", 400),
        ("GET", "table/attendance/x?projection=id", 400),
        ("GET", "elsewhere", 404),
    ],
)
def test_paths_and_verbs(caller: Caller, method: str, path: str, status: int) -> None:
    body: dict[str, Any] = {"tables": {"attendance": {}}}
    json = None if method == "GET" else body
    answer = caller.call(method, f"/ws/schema/{path}", json=json)
    assert answer.status_code == status
    assert answer.json()["message"]
