"""Writing a student's meetings of one day: the body, and what the answer says."""

from collections.abc import Sequence
from typing import Any

from vmps.powerschool.answers import excerpt_of
from vmps.powerschool.envelopes import optional_integer
from vmps.powerschool.errors import PartlyWritten
from vmps.powerschool.records import (
    AttendanceMode,
    MeetingRecord,
    RecordRefused,
    WriteResult,
)
from vmps.powerschool.rows import MODE_CODES
from vmps.powerschool.transport import Answer
from vmps.powerschool.writes import envelope_of, outcomes_of, refusal_of

MODES = frozenset({AttendanceMode.MEETING, AttendanceMode.INTERVAL})


def meeting_body_of(records: Sequence[MeetingRecord]) -> dict[str, Any]:
    """The envelope of meeting_interval; ValueError for what it does not take."""
    if len({(record.student_id, record.on) for record in records}) != 1:
        raise ValueError("One call writes the meetings of one student and one day.")
    return envelope_of([_columns(record) for record in records])


def _columns(record: MeetingRecord) -> dict[str, Any]:
    columns: dict[str, object] = {
        "studentid": record.student_id,
        "schoolid": record.school_number,
        "yearid": record.year_id,
        "att_date": record.on.isoformat(),
        "att_mode_code": MODE_CODES[record.mode],
        "attendance_codeid": record.code_id,
        "calendar_dayid": record.calendar_day_id,
        "ccid": record.cc_id,
        "periodid": record.period_id,
        "att_comment": record.comment,
    }
    told = {name: str(value) for name, value in columns.items() if value is not None}
    return {**told, **_when(record)}


def _when(record: MeetingRecord) -> dict[str, Any]:
    """What names the meeting; times are the only values that are sent as numbers."""
    if record.mode is AttendanceMode.MEETING:
        return {"start_time": record.starts, "end_time": record.ends}
    if record.mode is AttendanceMode.INTERVAL and record.interval is not None:
        return {"att_interval": str(record.interval)}
    raise ValueError("A meeting is written in meeting mode, or with its interval.")


def meeting_results_of(
    payload: Any, answer: Answer, expected: int
) -> list[WriteResult]:
    """One result for each record; any refused one is raised.

    Whether one refused record spoils its neighbours is not documented: when all were
    refused that is Rejected, when some were it is PartlyWritten, which is ambiguous.
    """
    counted = _counted(payload)
    if expected > 1 and counted == expected and not payload.get("result"):
        action = "INSERT" if optional_integer(payload, "insert_count") else "UPDATE"
        return [WriteResult(action, None)] * expected
    outcomes = outcomes_of(payload, answer, expected)
    refused = [o for o in outcomes if isinstance(o, RecordRefused)]
    if not refused:
        return [o for o in outcomes if isinstance(o, WriteResult)]
    error = refusal_of(refused[0], answer)
    if len(refused) == expected and (expected == 1 or not counted):
        raise error
    raise PartlyWritten(
        f"Of {expected} meetings {len(refused)} were refused. {error}",
        status=answer.status,
        excerpt=excerpt_of(answer),
    )


def _counted(payload: Any) -> int:
    if not isinstance(payload, dict):
        return 0
    counts = (
        optional_integer(payload, f"{verb}_count") for verb in ("insert", "update")
    )
    return sum(count or 0 for count in counts)
