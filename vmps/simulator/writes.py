"""Attendance writes: daily and time records alone or batched, and meetings."""

from collections.abc import Iterable, Iterator

from vmps.simulator.answers import Answer, no_access, refusal
from vmps.simulator.attendance import INSERT, Change
from vmps.simulator.calls import Call
from vmps.simulator.changes import Wanted, commit
from vmps.simulator.columns import ATTENDANCE
from vmps.simulator.envelopes import Json
from vmps.simulator.meetings import Meeting
from vmps.simulator.payload import (
    DAY_MODES,
    MEETING_MODES,
    BadRecord,
    Record,
    read_elements,
)
from vmps.simulator.references import check_references
from vmps.simulator.simulation import Simulation

LARGEST_BATCH = 200
# the row's name and the bell schedule's times: nothing that is written
NO_COLUMNS = frozenset({"dcid", "start_time", "end_time"})


def write_one(simulation: Simulation, call: Call) -> Answer:
    """Write exactly one daily or time record."""
    records = [_read(element, DAY_MODES) for element in read_elements(_body(call), 1)]
    checked = _check(simulation, records, is_partial=False)
    return _answer(simulation, call, "daily_time", checked)


def write_batch(simulation: Simulation, call: Call) -> Answer:
    """Write up to 200 such records; the endpoint exists since 25.3."""
    if not simulation.settings.is_at_least(25, 3):
        raise refusal(404, "Resource not found")
    elements = read_elements(_body(call), LARGEST_BATCH)
    is_partial = simulation.settings.batch_semantics == "partial"
    records = [_read(element, DAY_MODES) for element in elements]
    checked = _check(simulation, records, is_partial=is_partial)
    return _answer(simulation, call, "batch_daily_time", checked)


def write_meetings(simulation: Simulation, call: Call) -> Answer:
    """Write meeting and interval records of one student and day, all or none."""
    elements = read_elements(_body(call), LARGEST_BATCH)
    records = [_read(element, MEETING_MODES) for element in elements]
    _refuse_bad(records)
    good = list(good_ones(records))
    for field in ("studentid", "att_date"):
        if len({record.sent[field] for record in good}) > 1:
            raise BadRecord([(field, "OnlyOne")]).refusal()
    checked = _check(simulation, records, is_partial=False)
    keys = [wish.key for wish in checked if isinstance(wish, Wanted)]
    if len(set(keys)) < len(keys):
        raise BadRecord([("ccid", "Duplicate")]).refusal()
    return _answer(simulation, call, "meeting_interval", checked)


def _body(call: Call) -> bytes:
    if not call.headers.get("Content-Type", "").startswith("application/json"):
        raise refusal(415, "Unsupported Media Type")
    return call.body


def _read(element: object, modes: frozenset[str]) -> Record | BadRecord:
    try:
        return Record.read(element, modes)
    except BadRecord as bad:
        return bad


def _check(
    simulation: Simulation, records: list[Record | BadRecord], *, is_partial: bool
) -> list[Wanted | BadRecord]:
    """Check shape, then grants, then references; a whole batch falls with one."""
    if not is_partial:
        _refuse_bad(records)
    _check_grants(simulation, good_ones(records))
    checked = [_refer(simulation, record) for record in records]
    if not is_partial:
        _refuse_bad(checked)
    return checked


def _refuse_bad(outcomes: Iterable[object]) -> None:
    problems = [
        problem
        for outcome in outcomes
        if isinstance(outcome, BadRecord)
        for problem in outcome.problems
    ]
    if problems:
        raise BadRecord(problems).refusal()


def good_ones(outcomes: Iterable[Record | BadRecord]) -> Iterator[Record]:
    """Yield the records that are still good."""
    return (outcome for outcome in outcomes if isinstance(outcome, Record))


def _check_grants(simulation: Simulation, records: Iterable[Record]) -> None:
    sent = dict.fromkeys(name for record in records for name in record.sent)
    missing = [
        (ATTENDANCE.name.upper(), name.upper())
        for name in sent
        if name not in NO_COLUMNS
        and not simulation.grants.can_write(ATTENDANCE, ATTENDANCE.columns[name])
    ]
    if missing:
        raise no_access(missing)


def _refer(simulation: Simulation, outcome: Record | BadRecord) -> Wanted | BadRecord:
    if isinstance(outcome, BadRecord):
        return outcome
    try:
        meeting = check_references(outcome, simulation.district, simulation.attendance)
    except BadRecord as bad:
        return bad
    return _wanted(outcome, meeting)


def _answer(
    simulation: Simulation,
    call: Call,
    endpoint: str,
    outcomes: list[Wanted | BadRecord],
) -> Answer:
    if call.refuses_last:
        outcomes = [*outcomes[:-1], BadRecord([("attendance_codeid", "Locked")])]
    wanted = [outcome for outcome in outcomes if isinstance(outcome, Wanted)]
    changes = commit(simulation, wanted, endpoint=endpoint, by="plugin")
    inserted = sum(change.action == INSERT for change in changes)
    committed = iter(changes)
    result = [
        _error(outcome)
        if isinstance(outcome, BadRecord)
        else _success(call, next(committed))
        for outcome in outcomes
    ]
    body = {
        "insert_count": inserted,
        "update_count": len(changes) - inserted,
        "delete_count": 0,
        "result": simulation.envelopes.collapse(result, simulation.settings),
    }
    return Answer(200, body)


def _wanted(record: Record, meeting: Meeting | None) -> Wanted:
    return Wanted(
        studentid=record.studentid,
        schoolid=record.schoolid,
        day=record.day,
        mode=record.mode,
        attendance_codeid=int(record.sent["attendance_codeid"]),
        comment=record.sent.get("att_comment"),
        total_minutes=record.number("total_minutes"),
        programid=record.number("programid"),
        dcid=record.number("dcid"),
        ccid=meeting.ccid if meeting else 0,
        periodid=meeting.periodid if meeting else 0,
        att_interval=meeting.interval if meeting else 0,
    )


def _success(call: Call, change: Change) -> Json:
    reference = f"{call.origin}/ws/schema/table/attendance/{change.dcid}"
    return {
        "status": "SUCCESS",
        "action": change.action,
        "success_message": {"id": change.dcid, "ref": reference},
    }


def _error(bad: BadRecord) -> Json:
    field, code = bad.problems[0]
    error = {
        "field": field,
        "error_code": code,
        "error_description": f"{field}: {code}",
    }
    return {"status": "ERROR", "action": INSERT, "error_message": {"error": error}}
