"""Writing to PowerSchool and reading back: the calls of a drain's slots."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vmps.powerschool import (
    AttendanceRecord,
    AttendanceRow,
    Deadline,
    RecordRefused,
    WriteResult,
)
from vmps.services.identify import Resolution
from vmps.services.link import FEW, Link
from vmps.services.planning.day import DayPlan, Verdict
from vmps.services.record import Sent
from vmps.services.survey import MODE, Surveyed, read_rows
from vmps.services.workload import Unit

BATCH = 200  # records in one batch_daily_time


@dataclass(frozen=True, slots=True)
class Order:
    """One planned write of one unit."""

    unit: Unit
    record: AttendanceRecord
    verdicts: Mapping[int, Verdict]
    sent: Sent
    resolution: Resolution | None
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Written:
    """An order that PowerSchool says it took."""

    order: Order
    sent: Sent


def make_order(surveyed: Surveyed, plan: DayPlan, deadline: Deadline) -> Order:
    """Return the record for a plan's write, with the ids of this school and year."""
    facts, subject, write = surveyed.facts, surveyed.subject, plan.write
    unit = subject.unit
    if write is None or subject.ps_id is None or facts.year_id is None:
        raise ValueError("Only a planned write of a resolved student can be ordered.")
    record = AttendanceRecord(
        student_id=subject.ps_id,
        school_number=int(unit.school.number),
        year_id=facts.year_id,
        on=unit.day,
        mode=MODE,
        code_id=facts.codes[write.code].id,
        comment=write.comment,
        calendar_day_id=facts.calendar_day_id,
    )
    prior = surveyed.existing.code if surveyed.existing else None
    return Order(
        unit=unit,
        record=record,
        verdicts=plan.verdicts,
        sent=Sent(write.code, prior, _as_json(record)),
        resolution=subject.resolution,
        deadline=deadline,
    )


def _as_json(record: AttendanceRecord) -> str:
    """Return the record for the attempt: ids and code, no comment (it has reasons)."""
    return json.dumps(
        {
            "studentid": record.student_id,
            "schoolid": record.school_number,
            "yearid": record.year_id,
            "att_date": record.on.isoformat(),
            "attendance_codeid": record.code_id,
        }
    )


def write_one(link: Link, order: Order, deadline: Deadline) -> list[Written]:
    """Write one record by itself; it is taken, or an error says why not."""
    return [_written(order, link.client.write_daily(order.record, deadline=deadline))]


def write_batch(
    link: Link, orders: Sequence[Order], deadline: Deadline
) -> list[Written]:
    """Write up to 200 records in one call; return those PowerSchool took."""
    records = [order.record for order in orders]
    answers = link.client.write_daily_batch(records, deadline=deadline)
    return [
        _written(order, answer)
        for order, answer in zip(orders, answers, strict=True)
        if not isinstance(answer, RecordRefused)
    ]


def _written(order: Order, result: WriteResult) -> Written:
    answer = json.dumps({"action": result.action, "dcid": result.dcid})
    sent = replace(order.sent, http_status=200, ps_row=result.dcid, answer=answer)
    return Written(order, sent)


def read_back(link: Link, written: Sequence[Written], deadline: Deadline) -> set[Unit]:
    """Return the units whose row holds the code we wrote; all of one school and day."""
    rows = _rows_of(link, written, deadline)
    return {
        item.order.unit
        for item in written
        if _holds(rows.get(item.order.record.student_id), item.order.record)
    }


def _holds(row: AttendanceRow | None, record: AttendanceRecord) -> bool:
    return row is not None and row.code_id == record.code_id


def _rows_of(
    link: Link, written: Sequence[Written], deadline: Deadline
) -> Mapping[int, AttendanceRow]:
    """Rows by student: between the lowest and highest we wrote, where told."""
    first = written[0].order.record
    ids = [item.sent.ps_row for item in written]
    known = [i for i in ids if i is not None]
    if len(written) <= FEW or len(known) < len(ids):
        students = [item.order.record.student_id for item in written]
        return read_rows(link, first.school_number, first.on, students, deadline)
    rows = link.client.attendance(
        first.school_number,
        first.on,
        MODE,
        dcids=(min(known), max(known)),
        deadline=deadline,
    )
    return {row.student_id: row for row in rows}
