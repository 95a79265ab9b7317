"""The body of an attendance write, and what its answer says was done."""

from collections.abc import Mapping, Sequence
from typing import Any

from vmps.powerschool.answers import cleaned, excerpt_of, message_of
from vmps.powerschool.envelopes import listed, optional_integer, text
from vmps.powerschool.errors import MalformedAnswer, Rejected
from vmps.powerschool.records import AttendanceRecord, RecordRefused, WriteResult
from vmps.powerschool.rows import MODE_CODES
from vmps.powerschool.transport import Answer

LARGEST_BATCH = 200

Outcome = WriteResult | RecordRefused


def body_of(records: Sequence[AttendanceRecord]) -> dict[str, Any]:
    """The envelope of daily_time and batch_daily_time; every value is a string."""
    return envelope_of([_columns(record) for record in records])


def envelope_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What all attendance endpoints want around the columns of each record."""
    return {
        "name": "ATTENDANCE",
        "record": [
            {"name": "ATTENDANCE", "tables": {"attendance": columns}}
            for columns in rows
        ],
    }


def _columns(record: AttendanceRecord) -> dict[str, str]:
    columns: dict[str, object] = {
        "studentid": record.student_id,
        "schoolid": record.school_number,
        "yearid": record.year_id,
        "att_date": record.on.isoformat(),
        "att_mode_code": MODE_CODES[record.mode],
        "attendance_codeid": record.code_id,
        "calendar_dayid": record.calendar_day_id,
        "att_comment": record.comment,
        "total_minutes": record.total_minutes,
        "dcid": record.dcid,
    }
    return {name: str(value) for name, value in columns.items() if value is not None}


def outcomes_of(payload: Any, answer: Answer, expected: int) -> list[Outcome]:
    """One outcome for each record sent, in order.

    Raises Rejected when the answer says that nothing was written, and MalformedAnswer
    when it does not tell what became of each record.
    """
    if not isinstance(payload, dict):
        raise _malformed("The answer to a write is not an object.", answer)
    counts = (
        optional_integer(payload, "insert_count"),
        optional_integer(payload, "update_count"),
    )
    results = listed(payload.get("result"))
    if not results:
        return [_from_counts(payload, counts, answer, expected)]
    if len(results) != expected:
        raise _malformed(f"{len(results)} results for {expected} records.", answer)
    outcomes = [_outcome(result, counts, answer) for result in results]
    has_success = any(isinstance(outcome, WriteResult) for outcome in outcomes)
    if has_success and counts == (0, 0):
        raise _rejected("PowerSchool counted neither insert nor update.", answer)
    return outcomes


def _from_counts(
    payload: dict[str, Any],
    counts: tuple[int | None, int | None],
    answer: Answer,
    expected: int,
) -> WriteResult:
    if any(counts) and expected == 1:
        return WriteResult(_action(None, counts), None)
    is_told = "message" in payload or "errors" in payload or counts == (0, 0)
    if is_told and not any(counts):
        said = cleaned(message_of(payload), answer.secrets) or "no message"
        raise _rejected(f"PowerSchool did not write: {said}", answer)
    raise _malformed("The answer does not say what was written.", answer)


def _outcome(
    result: dict[str, Any], counts: tuple[int | None, int | None], answer: Answer
) -> Outcome:
    if str(result.get("status", "")).upper() != "SUCCESS":
        return _refused(result, answer)
    success = result.get("success_message") or result.get("_success_message")
    dcid = optional_integer(success, "id") if isinstance(success, dict) else None
    return WriteResult(_action(result.get("action"), counts), dcid)


def _action(told: object, counts: tuple[int | None, int | None]) -> str:
    if isinstance(told, str) and told.upper() in {"INSERT", "UPDATE"}:
        return told.upper()
    return "INSERT" if counts[0] else "UPDATE"


def _refused(result: dict[str, Any], answer: Answer) -> RecordRefused:
    told = result.get("error_message") or result.get("_error_message") or result
    if isinstance(told, dict):
        told = told.get("error") or told
    entry = told[0] if isinstance(told, list) and told else told
    if not isinstance(entry, dict):
        entry = {"error_description": entry}
    said = text(entry, "error_description") or message_of(entry) or "no message"
    return RecordRefused(
        field=text(entry, "field"),
        code=text(entry, "error_code"),
        description=cleaned(said, answer.secrets),
    )


def refusal_of(refused: RecordRefused, answer: Answer) -> Rejected:
    """The error for a single write whose only record was refused."""
    where = f" ({refused.field})" if refused.field else ""
    return _rejected(f"PowerSchool refused: {refused.description}{where}", answer)


def _rejected(message: str, answer: Answer) -> Rejected:
    return Rejected(message, status=answer.status, excerpt=excerpt_of(answer))


def _malformed(message: str, answer: Answer) -> MalformedAnswer:
    return MalformedAnswer(message, status=answer.status, excerpt=excerpt_of(answer))
