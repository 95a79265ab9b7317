"""daily_time: inserts, updates, and every refusal."""

from typing import Any

import pytest

from vmps.simulator.control import Simulator

from .caller import DAY, OTHER_SCHOOL, SCHOOL, Caller


def only_row(simulator: Simulator) -> dict[str, Any]:
    rows = simulator.attendance()
    assert len(rows) == 1
    return rows[0]


def time_record(caller: Caller, minutes: str, **fields: str) -> dict[str, Any]:
    fields = {"att_mode_code": "ATT_ModeTime", "total_minutes": minutes, **fields}
    return caller.record(0, **fields)


def test_first_write_inserts(caller: Caller, simulator: Simulator) -> None:
    answer = caller.write(caller.record(0, att_comment="late"))
    row = only_row(simulator)
    reference = f"{simulator.url}/ws/schema/table/attendance/{row['dcid']}"
    assert answer.json() == {
        "insert_count": 1,
        "update_count": 0,
        "delete_count": 0,
        "result": [
            {
                "status": "SUCCESS",
                "action": "INSERT",
                "success_message": {"id": row["dcid"], "ref": reference},
            }
        ],
    }


def test_second_write_updates_the_same_row(
    caller: Caller, simulator: Simulator
) -> None:
    first = caller.write(caller.record(0)).json()["result"][0]
    answer = caller.write(caller.record(0, "A")).json()
    assert (answer["insert_count"], answer["update_count"]) == (0, 1)
    assert answer["result"][0]["action"] == "UPDATE"
    assert answer["result"][0]["success_message"] == first["success_message"]
    assert only_row(simulator)["attendance_codeid"] == int(caller.code("A"))


def test_other_student_day_or_mode_is_another_row(
    caller: Caller, simulator: Simulator
) -> None:
    caller.write(caller.record(0))
    caller.write(caller.record(1))
    caller.write(caller.record(0, att_date="2026-11-24"))
    caller.write(time_record(caller, "45"))
    assert len(simulator.attendance()) == 4


@pytest.mark.parametrize(
    ("fields", "comment"),
    [({}, "old"), ({"att_comment": "new"}, "new"), ({"att_comment": ""}, None)],
)
def test_comment_is_replaced_when_sent(
    caller: Caller,
    simulator: Simulator,
    fields: dict[str, str],
    comment: str | None,
) -> None:
    caller.write(caller.record(0, att_comment="old"))
    caller.write(caller.record(0, "A", **fields))
    assert only_row(simulator)["att_comment"] == comment


def test_time_inserts_unless_it_names_the_row(
    caller: Caller, simulator: Simulator
) -> None:
    dcids = [
        caller.write(time_record(caller, "45")).json()["result"][0]["success_message"]
        for _ in range(2)
    ]
    assert dcids[0]["id"] != dcids[1]["id"]
    dcid = str(dcids[1]["id"])
    answer = caller.write(time_record(caller, "0", dcid=dcid)).json()
    assert answer["update_count"] == 1
    assert [row["total_minutes"] for row in simulator.attendance()] == [45, 0]


def test_blank_code_may_be_written(caller: Caller, simulator: Simulator) -> None:
    blank = caller.code(None)
    caller.write(caller.record(0, attendance_codeid=blank))
    assert only_row(simulator)["attendance_codeid"] == int(blank)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("studentid", "", "Required"),
        ("studentid", "x", "InvalidValue"),
        ("studentid", "1", "NotFound"),
        ("studentid", 5, "InvalidValue"),
        ("schoolid", "9", "NotFound"),
        ("schoolid", OTHER_SCHOOL, "NotEnrolled"),
        ("yearid", "35", "InvalidValue"),
        ("att_date", "11/23/2026", "InvalidValue"),
        ("att_date", "2026-11-26", "NotInSession"),
        ("att_date", "2026-11-28", "NotInSession"),
        ("att_mode_code", "ATT_ModeMeeting", "InvalidValue"),
        ("attendance_codeid", "1", "NotFound"),
        ("attendance_codeid", "3600102", "WrongSchoolOrYear"),
        ("attendance_codeid", "3700002", "WrongSchoolOrYear"),
        ("calendar_dayid", "1", "InvalidValue"),
        ("total_minutes", "45", "InvalidField"),
        ("dcid", "10001", "InvalidField"),
        ("time_in", "08:14", "InvalidField"),
    ],
)
def test_bad_field_is_refused(
    caller: Caller, simulator: Simulator, field: str, value: Any, code: str
) -> None:
    answer = caller.write(caller.record(0, **{field: value}))
    assert answer.status_code == 400
    wrong = {"resource": "ATTENDANCE", "code": code}
    errors = answer.json()["errors"]
    named = "studentid" if code == "NotEnrolled" else field
    assert {**wrong, "field": named.upper()} in errors
    assert simulator.journal() == []


@pytest.mark.parametrize(
    "field",
    [
        "studentid",
        "schoolid",
        "yearid",
        "att_date",
        "att_mode_code",
        "attendance_codeid",
    ],
)
def test_required_fields(caller: Caller, field: str) -> None:
    record = caller.record(0)
    del record["tables"]["attendance"][field]
    error = {"resource": "ATTENDANCE", "field": field.upper(), "code": "Required"}
    assert error in caller.write(record).json()["errors"]


def test_time_needs_minutes_and_its_own_row(caller: Caller) -> None:
    missing = caller.write(caller.record(0, att_mode_code="ATT_ModeTime"))
    assert missing.json()["errors"][0]["field"] == "TOTAL_MINUTES"
    caller.write(caller.record(0))
    daily = caller.write(time_record(caller, "45", dcid="10001"))
    assert daily.json()["errors"][0] == {
        "resource": "ATTENDANCE",
        "field": "DCID",
        "code": "NotFound",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"studentid": "another"},
        {"att_date": "2026-11-24"},
        {"dcid": "99999"},
        {"dcid": "0"},
    ],
)
def test_a_time_row_is_updated_only_as_what_it_is(
    caller: Caller, simulator: Simulator, fields: dict[str, str]
) -> None:
    caller.write(time_record(caller, "45"))
    if "studentid" in fields:
        fields = {"studentid": str(caller.students()[1]["id"])}
    changed = {"dcid": "10001", **fields}
    errors = caller.write(time_record(caller, "30", **changed)).json()["errors"]
    assert {"resource": "ATTENDANCE", "field": "DCID", "code": "NotFound"} in errors
    assert [row["total_minutes"] for row in simulator.attendance()] == [45]


def test_time_rows_are_batched_and_updated_by_dcid(
    caller: Caller, simulator: Simulator
) -> None:
    caller.write(time_record(caller, "45"))
    batch = [time_record(caller, "0", dcid="10001"), time_record(caller, "30")]
    answer = caller.write_batch(*batch).json()
    assert (answer["insert_count"], answer["update_count"]) == (1, 1)
    assert [row["total_minutes"] for row in simulator.attendance()] == [0, 30]


@pytest.mark.parametrize("field", ["dcid", "programid", "calendar_dayid"])
def test_an_empty_field_is_as_good_as_not_sent(caller: Caller, field: str) -> None:
    assert caller.write(time_record(caller, "45", **{field: ""})).status_code == 200


def test_calendar_day_is_checked_when_sent(caller: Caller) -> None:
    q = f"schoolid=={SCHOOL};date_value=={DAY}"
    day = caller.rows("calendar_day", "id", q=q)[0]["id"]
    assert caller.write(caller.record(0, calendar_dayid=day)).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"enroll_status": 2}, {"entrydate": "2026-11-24"}, {"exitdate": DAY}],
)
def test_student_must_be_enrolled_that_day(
    caller: Caller, simulator: Simulator, change: dict[str, Any]
) -> None:
    record = caller.record(0)
    caller.students()[0].update(change)
    simulator.seed(caller.seed)
    caller.log_in()
    errors = caller.write(record).json()["errors"]
    assert [error["code"] for error in errors] == ["NotEnrolled"]


@pytest.mark.parametrize("field", ["ATT_COMMENT", "ATTENDANCE_CODEID", "STUDENTID"])
def test_every_sent_field_needs_full_access(
    caller: Caller, simulator: Simulator, field: str
) -> None:
    record = caller.record(0, att_comment="late")
    simulator.withdraw("ATTENDANCE", field)
    answer = caller.write(record)
    assert answer.status_code == 403
    error = {"code": "NoAccess", "field": field, "resource": "ATTENDANCE"}
    assert answer.json()["errors"] == [error]
    assert simulator.journal() == []


def test_field_that_is_not_sent_needs_no_access(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.withdraw("ATTENDANCE", "TOTAL_MINUTES")
    assert caller.write(caller.record(0)).status_code == 200
    assert caller.write(time_record(caller, "45")).status_code == 403


def test_mistakes_come_before_permission_and_facts_after(
    caller: Caller, simulator: Simulator
) -> None:
    mistake = caller.record(0, att_date="soon")
    stranger = caller.record(0, studentid="1")
    simulator.withdraw("ATTENDANCE", "STUDENTID")
    assert caller.write(mistake).status_code == 400
    assert caller.write(stranger).status_code == 403


def test_exactly_one_record(caller: Caller) -> None:
    two = caller.write(caller.record(0), caller.record(1))
    assert two.status_code == 400
    assert caller.write().status_code == 400


@pytest.mark.parametrize("body", ["{", "[]", '{"record":{}}', '{"record":[1]}'])
def test_malformed_body(caller: Caller, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    path = "/ws/attendance/daily_time"
    answer = caller.call("POST", path, data=body, headers=headers)
    assert answer.status_code == 400


def test_content_type_and_verb(caller: Caller) -> None:
    path = "/ws/attendance/daily_time"
    assert caller.call("POST", path, data="{}").status_code == 415
    assert caller.call("GET", path).status_code == 405
