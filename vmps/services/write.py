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
from vmps.services.link import Link
from vmps.services.plan import DayPlan, Verdict
from vmps.services.prepare import FEW, MODE, Prepared, Resolution
from vmps.services.record import Sent
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


def make_order(prepared: Prepared, plan: DayPlan, deadline: Deadline) -> Order:
    """Return the record for a plan's write, with the ids of this school and year."""
    facts, unit, write = prepared.facts, prepared.unit, plan.write
    if write is None or prepared.ps_id is None or facts.year_id is None:
        raise ValueError("Only a planned write of a resolved student can be ordered.")
    record = AttendanceRecord(
        student_id=prepared.ps_id,
        school_number=int(unit.school.number),
        year_id=facts.year_id,
        on=unit.day,
        mode=MODE,
        code_id=facts.codes[write.code].id,
        comment=write.comment,
        calendar_day_id=facts.calendar_day_id,
    )
    prior = prepared.existing.code if prepared.existing else None
    return Order(
        unit=unit,
        record=record,
        verdicts=plan.verdicts,
        sent=Sent(write.code, prior, _as_json(record)),
        resolution=prepared.resolution,
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


def write_one(link: Link, order: Order, deadline: Deadline) -> Written:
    """Write one record by itself."""
    return _written(order, link.client.write_daily(order.record, deadline=deadline))


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
    rows = {row.student_id: row for row in _rows_of(link, written, deadline)}
    return {
        item.order.unit
        for item in written
        if _holds(rows.get(item.order.record.student_id), item.order.record)
    }


def _holds(row: AttendanceRow | None, record: AttendanceRecord) -> bool:
    return row is not None and row.code_id == record.code_id


def _rows_of(
    link: Link, written: Sequence[Written], deadline: Deadline
) -> list[AttendanceRow]:
    """One by one when few; else the rows between the lowest and highest we wrote."""
    first = written[0].order.record
    if len(written) <= FEW:
        return [
            row
            for item in written
            for row in link.client.attendance(
                first.school_number,
                first.on,
                MODE,
                student_id=item.order.record.student_id,
                deadline=deadline,
            )
        ]
    ids = [item.sent.ps_row for item in written]
    known = [i for i in ids if i is not None]
    has_all = len(known) == len(ids)
    return link.client.attendance(
        first.school_number,
        first.on,
        MODE,
        dcid_from=min(known) if has_all else None,
        dcid_to=max(known) if has_all else None,
        deadline=deadline,
    )
