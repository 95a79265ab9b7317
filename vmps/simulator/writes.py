"""Attendance writes: daily and time records, one alone or up to 200 in a batch."""

from collections.abc import Iterable, Iterator
from datetime import date

from vmps.simulator.answers import Answer, no_access, refusal
from vmps.simulator.attendance import INSERT, Change
from vmps.simulator.calls import Call
from vmps.simulator.changes import Wanted, commit
from vmps.simulator.columns import ATTENDANCE
from vmps.simulator.envelopes import Json
from vmps.simulator.payload import (
    BadRecord,
    Record,
    check_references,
    read_elements,
)
from vmps.simulator.simulation import Simulation

LARGEST_BATCH = 200
Outcome = Record | BadRecord


def write_one(simulation: Simulation, call: Call) -> Answer:
    """Write exactly one record."""
    records = [_read(element) for element in read_elements(_body(call), 1)]
    checked = _check(simulation, records, is_partial=False)
    return _answer(simulation, call, "daily_time", checked)


def write_batch(simulation: Simulation, call: Call) -> Answer:
    """Write up to 200 records; the endpoint exists since 25.3."""
    if not simulation.settings.is_at_least(25, 3):
        raise refusal(404, "Resource not found")
    elements = read_elements(_body(call), LARGEST_BATCH)
    is_partial = simulation.settings.batch_semantics == "partial"
    records = [_read(element) for element in elements]
    checked = _check(simulation, records, is_partial=is_partial)
    return _answer(simulation, call, "batch_daily_time", checked)


def _body(call: Call) -> bytes:
    if not call.headers.get("Content-Type", "").startswith("application/json"):
        raise refusal(415, "Unsupported Media Type")
    return call.body


def _read(element: object) -> Outcome:
    try:
        return Record.read(element)
    except BadRecord as bad:
        return bad


def _check(
    simulation: Simulation, records: list[Outcome], *, is_partial: bool
) -> list[Outcome]:
    """Check shape, then grants, then references; a whole batch falls with one."""
    if not is_partial:
        _refuse_bad(records)
    _check_grants(simulation, good_ones(records))
    checked = [_refer(simulation, record) for record in records]
    if not is_partial:
        _refuse_bad(checked)
    return checked


def _refuse_bad(outcomes: Iterable[Outcome]) -> None:
    problems = [
        problem
        for outcome in outcomes
        if isinstance(outcome, BadRecord)
        for problem in outcome.problems
    ]
    if problems:
        raise BadRecord(problems).refusal()


def good_ones(outcomes: Iterable[Outcome]) -> Iterator[Record]:
    """Yield the records that are still good."""
    return (outcome for outcome in outcomes if isinstance(outcome, Record))


def _check_grants(simulation: Simulation, records: Iterable[Record]) -> None:
    sent = dict.fromkeys(name for record in records for name in record.sent)
    missing = [
        (ATTENDANCE.name.upper(), name.upper())
        for name in sent
        if name != "dcid"  # names the row, is not written
        and not simulation.grants.can_write(ATTENDANCE, ATTENDANCE.columns[name])
    ]
    if missing:
        raise no_access(missing)


def _refer(simulation: Simulation, outcome: Outcome) -> Outcome:
    if isinstance(outcome, BadRecord):
        return outcome
    try:
        check_references(outcome, simulation.district, simulation.attendance)
    except BadRecord as bad:
        return bad
    return outcome


def _answer(
    simulation: Simulation, call: Call, endpoint: str, outcomes: list[Outcome]
) -> Answer:
    wanted = [_wanted(record) for record in good_ones(outcomes)]
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


def _wanted(record: Record) -> Wanted:
    return Wanted(
        studentid=record.studentid,
        schoolid=record.schoolid,
        day=date.fromisoformat(record.sent["att_date"]),
        mode=record.sent["att_mode_code"],
        attendance_codeid=int(record.sent["attendance_codeid"]),
        comment=record.sent.get("att_comment"),
        total_minutes=record.number("total_minutes"),
        programid=record.number("programid"),
        dcid=record.number("dcid"),
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
