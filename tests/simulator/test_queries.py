"""The built-in PowerQueries."""

from typing import Any

import pytest

from vmps.simulator.control import Simulator

from .caller import DAY, SCHOOL, Caller

MAP = "student_dcid_id_map"


def detail(caller: Caller, dcids: list[int], mode: str = "ATT_ModeDaily") -> Any:
    arguments = {
        "attendance_att_mode_code": [mode],
        "students_dcid": dcids,
        "attendance_att_date_start": DAY,
        "attendance_att_date_end": DAY,
    }
    return caller.query("student_attendance_detail", json=arguments).json()


def template(caller: Caller, studentid: int, day: str = DAY) -> list[Any]:
    arguments = {"studentid": studentid, "att_date": day}
    answer = caller.query("daily_attendance_template", json=arguments).json()
    return [row["tables"]["attendance"] for row in answer.get("record", [])]


def test_codes_carry_the_year_and_the_blank_code(caller: Caller) -> None:
    arguments = {"schoolid": SCHOOL, "att_date": DAY}
    answer = caller.query("attendance_code_by_school_date", json=arguments).json()
    codes = [row["tables"]["attendance_code"] for row in answer["record"]]
    assert {code["yearid"] for code in codes} == {"36"}
    assert [code.get("att_code") for code in codes][:3] == [None, "T", "A"]


def test_map_gives_id_for_dcid(caller: Caller) -> None:
    students = caller.students()[:3]
    dcids = [student["dcid"] for student in students]
    answer = caller.query(MAP, json={"students_dcid": [*dcids, 1]}).json()
    found = {row["dcid"]: row["id"] for row in answer["record"]}
    assert found == {str(item["dcid"]): str(item["id"]) for item in students}


def test_template_shows_what_is_there(caller: Caller) -> None:
    student = caller.students()[0]["id"]
    assert "attendance_codeid" not in template(caller, student)[0]
    caller.write(caller.record(0, att_comment="late"))
    row = template(caller, student)[0]
    assert row["attendance_codeid"] == caller.code("T")
    assert row["comment"] == "late"


def test_template_is_empty_for_who_is_not_enrolled(caller: Caller) -> None:
    assert template(caller, 1) == []
    assert template(caller, caller.students()[0]["id"], "2019-09-02") == []


def test_detail_is_asked_by_dcid(caller: Caller) -> None:
    students = caller.students()
    caller.write_batch(caller.record(0), caller.record(1, "A"))
    answer = detail(caller, [students[0]["dcid"], students[1]["dcid"], 1])
    rows = [row["tables"] for row in answer["record"]]
    assert [row["attendance_code"]["att_code"] for row in rows] == ["T", "A"]
    assert rows[0]["attendance"]["studentid"] == str(students[0]["id"])
    assert not detail(caller, [students[0]["dcid"]], "ATT_ModeTime").get("record")


def test_pages_counts_and_everything(caller: Caller) -> None:
    body = {"students_dcid": [item["dcid"] for item in caller.seed["students"]]}
    default = caller.query(MAP, json=body, params={"count": "true"}).json()
    assert (len(default["record"]), default["count"]) == (100, 240)
    third = caller.query(MAP, json=body, params={"page": 3}).json()
    assert len(third["record"]) == 40
    everything = caller.query(MAP, json=body, params={"pagesize": 0}).json()
    assert len(everything["record"]) == 240


def test_count_has_a_path_of_its_own(caller: Caller) -> None:
    body = {"students_dcid": [caller.students()[0]["dcid"]]}
    path = f"/ws/schema/query/com.pearson.core.student.{MAP}/count"
    assert caller.call("POST", path, json=body).json() == {"count": 1}


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"students_dcid": [1], "other": 1},
        {"Students_DCID": [1]},
        {"students_dcid": ["x"]},
        [1],
    ],
)
def test_bad_arguments_are_refused(caller: Caller, arguments: Any) -> None:
    assert caller.query(MAP, json=arguments).status_code == 400


def test_malformed_body_is_refused(caller: Caller) -> None:
    assert caller.query(MAP, data="{").status_code == 400


def test_get_is_refused_and_unknown_is_not_found(caller: Caller) -> None:
    path = f"/ws/schema/query/com.pearson.core.student.{MAP}"
    assert caller.call("GET", path).status_code == 405
    unknown = caller.call("POST", "/ws/schema/query/com.vendor.nothing", json={})
    assert unknown.status_code == 404
    assert unknown.json()["message"] == "Query com.vendor.nothing not found"


def test_queries_obey_the_grants(caller: Caller, simulator: Simulator) -> None:
    simulator.withdraw("STUDENTS", "DCID")
    answer = caller.query(MAP, json={"students_dcid": [1]})
    assert answer.status_code == 403
    error = {"code": "NoAccess", "field": "DCID", "resource": "Students"}
    assert answer.json()["errors"] == [error]
