"""Writing attendance: what is sent, and what the answer says was done."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    Deadline,
    FieldGrant,
    FieldsNotGranted,
    MalformedAnswer,
    PowerSchool,
    RecordRefused,
    Rejected,
    WriteResult,
)

from .conftest import BASE

DAILY = f"{BASE}/ws/attendance/daily_time"
BATCH = f"{BASE}/ws/attendance/batch_daily_time"
RECORD = AttendanceRecord(77, 1817, 36, date(2026, 9, 14), AttendanceMode.DAILY, 4711)
INSERTED = {
    "status": "SUCCESS",
    "action": "INSERT",
    "success_message": {"id": 987654, "ref": "https://host/987654"},
}
UPDATED = {
    "status": "SUCCESS",
    "action": "UPDATE",
    "success_message": {"id": "987655"},
}
ERROR = {"field": "CODE", "error_code": "Bad", "error_description": "No such code"}
REFUSED = {"status": "ERROR", "error_message": {"error": ERROR}}
REFUSAL = RecordRefused("CODE", "Bad", "No such code")


def told(*results: Any, inserts: Any = 1, updates: Any = 0) -> dict[str, Any]:
    counts = {"insert_count": inserts, "update_count": updates, "delete_count": 0}
    return {**counts, "result": list(results)}


def sent(server: responses.RequestsMock) -> list[dict[str, str]]:
    body = json.loads(server.calls[-1].request.body or "")
    return [record["tables"]["attendance"] for record in body["record"]]


def write(client: PowerSchool, record: AttendanceRecord = RECORD) -> WriteResult:
    return client.write_daily(record, deadline=Deadline.after(5))


def test_every_value_is_sent_as_text_and_none_is_left_out(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(DAILY, json=told(INSERTED))
    write(powerschool)
    assert sent(server) == [
        {
            "studentid": "77",
            "schoolid": "1817",
            "yearid": "36",
            "att_date": "2026-09-14",
            "att_mode_code": "ATT_ModeDaily",
            "attendance_codeid": "4711",
        }
    ]
    assert server.calls[-1].request.headers["Content-Type"] == "application/json"


def test_optional_values_are_sent_when_given(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(DAILY, json=told(INSERTED))
    full = replace(
        RECORD,
        mode=AttendanceMode.TIME,
        comment='Späť ✓ "8:14"',
        calendar_day_id=9,
        total_minutes=0,
        dcid=5,
    )
    write(powerschool, full)
    (columns,) = sent(server)
    assert columns["att_comment"] == full.comment
    assert columns["att_mode_code"] == "ATT_ModeTime"
    assert columns["total_minutes"] == "0"
    assert (columns["calendar_dayid"], columns["dcid"]) == ("9", "5")


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (told(INSERTED), WriteResult("INSERT", 987654)),
        (told(UPDATED, inserts=0, updates=1), WriteResult("UPDATE", 987655)),
        (told(UPDATED, inserts="0", updates="1"), WriteResult("UPDATE", 987655)),
        ({**told(), "result": INSERTED}, WriteResult("INSERT", 987654)),
        ({"result": [INSERTED]}, WriteResult("INSERT", 987654)),
        ({"insert_count": 1}, WriteResult("INSERT", None)),
        ({"insert_count": 0, "update_count": 1}, WriteResult("UPDATE", None)),
        (told({"status": "success"}), WriteResult("INSERT", None)),
        (
            told({"status": "SUCCESS"}, inserts=0, updates=1),
            WriteResult("UPDATE", None),
        ),
    ],
)
def test_a_write_that_was_counted_is_a_result(
    answer: Any,
    result: WriteResult,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    server.post(DAILY, json=answer)
    assert write(powerschool) == result


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (told(REFUSED), "No such code"),
        (told(REFUSED, inserts=0), "No such code"),
        (told({"status": "ERROR", "error_message": {"error": [ERROR]}}), "No such"),
        (told({"status": "ERROR", "_error_message": [ERROR]}), "No such code"),
        (told({"status": "ERROR", "error_message": "locked"}), "locked"),
        (told({"status": "ERROR"}), "no message"),
        (told({}), "no message"),
        (told(INSERTED, inserts=0), "neither"),
        (told(inserts=0), "did not write"),
        ({"message": "Attendance is locked"}, "Attendance is locked"),
        ({"message": "no", "errors": [{"field": "ATT_DATE"}]}, "did not write"),
    ],
)
def test_a_200_that_wrote_nothing_is_rejected(
    answer: Any, words: str, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(DAILY, json=answer)
    with pytest.raises(Rejected, match=words) as caught:
        write(powerschool)
    assert not caught.value.is_ambiguous
    assert caught.value.status == 200


@pytest.mark.parametrize(
    "answer", [[], None, "ok", {}, told(INSERTED, UPDATED), {"result": ["SUCCESS"]}]
)
def test_an_answer_that_does_not_say_what_was_written_is_ambiguous(
    answer: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(DAILY, json=answer)
    with pytest.raises(MalformedAnswer) as caught:
        write(powerschool)
    assert caught.value.is_ambiguous


def test_a_refused_payload_says_which_field(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    errors = [{"resource": "ATTENDANCE", "field": "ATT_DATE", "code": "Invalid"}]
    server.post(DAILY, status=400, json={"message": "Not valid", "errors": errors})
    with pytest.raises(Rejected, match="Not valid .ATTENDANCE.ATT_DATE Invalid"):
        write(powerschool)


def test_a_field_not_granted_for_writing_needs_full_access(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    errors = [{"resource": "ATTENDANCE", "field": "ATT_COMMENT", "code": "NoAccess"}]
    server.post(DAILY, status=403, json={"message": "no", "errors": errors})
    with pytest.raises(FieldsNotGranted) as caught:
        write(powerschool)
    grant = FieldGrant("ATTENDANCE", "ATT_COMMENT", "FullAccess")
    assert caught.value.fields == (grant,)


def test_a_batch_gives_one_outcome_each_in_order(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(BATCH, json=told(INSERTED, REFUSED, UPDATED, updates=1))
    records = [replace(RECORD, student_id=number) for number in (7, 8, 9)]
    outcomes = powerschool.write_daily_batch(records, deadline=soon)
    assert outcomes[0] == WriteResult("INSERT", 987654)
    assert outcomes[1] == REFUSAL
    assert outcomes[2] == WriteResult("UPDATE", 987655)
    assert [columns["studentid"] for columns in sent(server)] == ["7", "8", "9"]


@pytest.mark.parametrize(
    "answer", [told(INSERTED), told(INSERTED, UPDATED, UPDATED), {"insert_count": 2}]
)
def test_a_batch_with_another_number_of_results_is_malformed(
    answer: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.post(BATCH, json=answer)
    with pytest.raises(MalformedAnswer):
        powerschool.write_daily_batch([RECORD, RECORD], deadline=Deadline.after(5))


def test_a_batch_refused_as_a_whole_is_rejected(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(BATCH, status=400, json={"message": "Not valid"})
    with pytest.raises(Rejected):
        powerschool.write_daily_batch([RECORD] * 200, deadline=soon)


def test_a_batch_holds_200_at_most(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    with pytest.raises(ValueError, match="200"):
        powerschool.write_daily_batch([RECORD] * 201, deadline=soon)
    assert powerschool.write_daily_batch([], deadline=soon) == []
    assert len(server.calls) == 0
