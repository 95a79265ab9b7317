"""The generic table API: rows, filters, pages, counts and metadata."""

from typing import Any

import pytest

from vmps.simulator.control import Simulator

from .caller import DAY, SCHOOL, Caller

ORDER = "schoolid==1817;att_date==2026-11-23"


def write_students(caller: Caller, count: int) -> None:
    records = [caller.record(place) for place in range(count)]
    assert caller.write_batch(*records).json()["insert_count"] == count


def test_values_are_strings_and_the_record_id_a_number(caller: Caller) -> None:
    write_students(caller, 1)
    record = caller.table("attendance", "StudentID,ATT_DATE").json()["record"][0]
    assert isinstance(record["id"], int)
    student = str(caller.students()[0]["id"])
    content = {"studentid": student, "att_date": DAY}
    assert record["tables"] == {"attendance": content}


def test_nulls_are_omitted(caller: Caller) -> None:
    write_students(caller, 1)
    assert caller.rows("attendance", "dcid,att_comment")[0].keys() == {"dcid"}


def test_rows_come_in_pages_by_primary_key(caller: Caller) -> None:
    write_students(caller, 120)
    first = caller.rows("attendance", q=ORDER)
    second = caller.rows("attendance", q=ORDER, page=2)
    dcids = [int(row["dcid"]) for row in first + second]
    assert (len(first), len(second)) == (100, 20)
    assert dcids == sorted(set(dcids))


def test_small_pages_and_the_end(caller: Caller) -> None:
    write_students(caller, 5)
    assert len(caller.rows("attendance", pagesize=2, page=3)) == 1
    assert caller.rows("attendance", pagesize=2, page=4) == []


@pytest.mark.parametrize(
    "params",
    [{"pagesize": 101}, {"pagesize": 0}, {"page": 0}, {"page": "x"}, {"sort": "dcid"}],
)
def test_bad_pages_are_refused(caller: Caller, params: dict[str, Any]) -> None:
    assert caller.table("attendance", **params).status_code == 400


def test_maximum_page_size_is_the_plugins(caller: Caller, simulator: Simulator) -> None:
    simulator.settings(page_size=20)
    write_students(caller, 30)
    assert len(caller.rows("attendance")) == 20
    assert caller.table("attendance", pagesize=21).status_code == 400


@pytest.mark.parametrize(
    ("q", "count"),
    [
        ("schoolid==1817", 7),
        ("schoolid==1818", 0),
        ("schoolid==1817;att_date==2026-11-23", 7),
        ("schoolid==1817;att_date==2026-11-24", 0),
        ("att_date=ge=2026-11-23", 7),
        ("att_date=gt=2026-11-23", 0),
        ("att_date=le=2026-11-23", 7),
        ("att_date=lt=2026-11-23", 0),
        ("YEARID==36;schoolid==1817", 7),
        ("att_mode_code==ATT_Mode*", 7),
        ("att_mode_code==*Time", 0),
        ("dcid==10001", 1),
        ("id==5001", 1),
        ("id==10001", 0),
        ("dcid=gt=10005", 2),
    ],
)
def test_filters(caller: Caller, q: str, count: int) -> None:
    write_students(caller, 7)
    assert len(caller.rows("attendance", q=q)) == count
    answer = caller.call("GET", "/ws/schema/table/attendance/count", params={"q": q})
    assert answer.json() == {"count": count}


@pytest.mark.parametrize(
    "q", ["name==Oakwood+High+School", "name==Oakwood%20High%20School;id=gt=0"]
)
def test_values_may_be_encoded_one_by_one(caller: Caller, q: str) -> None:
    path = f"/ws/schema/table/schools?projection=name&q={q}"
    record = caller.call("GET", path).json()["record"]
    assert record[0]["tables"]["schools"]["name"] == "Oakwood High School"


@pytest.mark.parametrize(
    "q", ["schoolid==1817,schoolid==1818", "(schoolid==1817)", "schoolid", "=="]
)
def test_other_expressions_are_refused(caller: Caller, q: str) -> None:
    assert caller.table("attendance", q=q).status_code == 400


def test_student_of_each_id_kind_is_another(caller: Caller) -> None:
    value = caller.students()[3]["id"]
    found = [
        caller.rows("students", "first_name,last_name,id", q=f"{column}=={value}")
        for column in ("id", "dcid", "student_number")
    ]
    assert len({rows[0]["id"] for rows in found}) == 3


def test_one_row(caller: Caller) -> None:
    write_students(caller, 1)
    row = caller.call("GET", "/ws/schema/table/attendance/10001?projection=schoolid")
    assert row.json()["tables"] == {"attendance": {"schoolid": SCHOOL}}
    missing = caller.call("GET", "/ws/schema/table/attendance/9?projection=id")
    assert missing.status_code == 404


def test_empty_record_is_absent_and_empty_in_turn(
    caller: Caller, simulator: Simulator
) -> None:
    seen = {"record" in caller.table("attendance").json() for _ in range(2)}
    assert seen == {True, False}
    simulator.settings(empty_record="empty")
    assert caller.table("attendance").json()["record"] == []
    simulator.settings(empty_record="absent")
    assert "record" not in caller.table("attendance").json()


def test_a_single_record_may_collapse(caller: Caller, simulator: Simulator) -> None:
    write_students(caller, 1)
    simulator.settings(collapse_single="always")
    assert isinstance(caller.table("attendance").json()["record"], dict)
    simulator.settings(collapse_single="sometimes")
    kinds = {type(caller.table("attendance").json()["record"]) for _ in range(2)}
    assert kinds == {dict, list}


def test_metadata_lists_columns_and_access(caller: Caller) -> None:
    path = "/ws/schema/table/Attendance/metadata"
    plain = caller.call("GET", path).json()
    assert plain["primaryKey"] == "DCID"
    described = caller.call("GET", f"{path}?expansions=access").json()["columns"]
    access = {column["name"]: column["access"] for column in described}
    assert access["Att_Comment"] == "FullAccess"
    assert access["DCID"] == "ViewOnly"
    assert access["Att_Flags"] == "NoAccess"


def test_tables_are_listed(caller: Caller) -> None:
    names = caller.call("GET", "/ws/schema/table").json()["record"]
    assert {"name": "Calendar_Day"} in names
