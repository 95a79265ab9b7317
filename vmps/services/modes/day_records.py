"""Records of the modes that have one row a day: made from a plan, and written."""

from __future__ import annotations

from collections.abc import Sequence

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    Deadline,
    RecordRefused,
    WriteResult,
)
from vmps.services.link import Link
from vmps.services.order import Order
from vmps.services.planning.day import DayPlan
from vmps.services.subject import Surveyed


def make_day_records(
    surveyed: Surveyed, plan: DayPlan, mode: AttendanceMode
) -> tuple[AttendanceRecord, ...]:
    """Return a record for each write, with the ids of this school and year."""
    facts, subject = surveyed.facts, surveyed.subject
    unit = subject.unit
    if subject.ps_id is None or facts.year_id is None:
        raise ValueError("Only a resolved student's write can become a record.")
    return tuple(
        AttendanceRecord(
            student_id=subject.ps_id,
            school_number=int(unit.school.number),
            year_id=facts.year_id,
            on=unit.day,
            mode=mode,
            code_id=facts.codes[write.code].id,
            comment=write.comment,
            calendar_day_id=facts.calendar_day_id,
            total_minutes=write.minutes,
            dcid=write.dcid,
        )
        for write in plan.writes
    )


def day_records(order: Order) -> list[AttendanceRecord]:
    """Return the order's records."""
    return [r for r in order.records if isinstance(r, AttendanceRecord)]


def write_day_records(
    link: Link, order: Order, deadline: Deadline
) -> Sequence[WriteResult]:
    """Write them, a call each; there is one, but after a row that came twice."""
    return [
        link.client.write_daily(record, deadline=deadline)
        for record in day_records(order)
    ]


def write_day_batch(
    link: Link, orders: Sequence[Order], deadline: Deadline
) -> Sequence[WriteResult | RecordRefused]:
    """Write up to 200 orders' records in one call."""
    records = [record for order in orders for record in day_records(order)]
    return link.client.write_daily_batch(records, deadline=deadline)
