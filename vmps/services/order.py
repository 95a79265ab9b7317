"""Orders: planned writes of one student and day, on their way to PowerSchool."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vmps.powerschool import Deadline
from vmps.services.identify import Resolution
from vmps.services.link import Facts
from vmps.services.modes.mode import Mode, Record
from vmps.services.planning.day import DAY, DayPlan, Existing, Verdict, Write
from vmps.services.record import Sent
from vmps.services.subject import Surveyed
from vmps.services.workload import Unit


@dataclass(frozen=True, slots=True)
class Order:
    """The planned writes of one unit: one call, or its share of a batch."""

    unit: Unit
    mode: Mode
    records: tuple[Record, ...]
    verdicts: Mapping[int, Verdict]
    sent: Sent
    resolution: Resolution | None
    facts: Facts
    deadline: Deadline

    @property
    def is_batched(self) -> bool:
        """Tell whether it can share a call with other units' orders."""
        return self.mode.is_batched and len(self.records) == 1


@dataclass(frozen=True, slots=True)
class Written:
    """An order that PowerSchool says it took."""

    order: Order
    sent: Sent
    #: ATTENDANCE.DCID of each record's row; None where it was not told.
    dcids: tuple[int | None, ...] = ()


def make_order(surveyed: Surveyed, plan: DayPlan, deadline: Deadline) -> Order:
    """Return the records for a plan's writes, with the ids of this school and year."""
    records = surveyed.mode.make_records(surveyed, plan)
    return Order(
        unit=surveyed.subject.unit,
        mode=surveyed.mode,
        records=records,
        verdicts=plan.verdicts,
        sent=_sent(surveyed, plan, records),
        resolution=surveyed.subject.resolution,
        facts=surveyed.facts,
        deadline=deadline,
    )


def _sent(surveyed: Surveyed, plan: DayPlan, records: Sequence[Record]) -> Sent:
    """Return what the attempt keeps: the first write's code stands for all."""
    marks = [_mark(surveyed, write) for write in plan.writes]
    is_one_row = all(write.slot == DAY for write in plan.writes)
    return Sent(
        code=plan.writes[0].code,
        prior_code=marks[0][2],
        request=_as_json(records),
        marks="" if is_one_row else json.dumps(marks),
    )


def _mark(surveyed: Surveyed, write: Write) -> tuple[Any, ...]:
    """Return a write as the attempt keeps it; `our_writes.Marked` reads it again."""
    prior = prior_of(surveyed, write)
    mark = (write.slot, write.code, prior.code if prior else None)
    if prior is None or write.dcid is None:
        return mark
    return (*mark, prior.minutes, write.dcid)


def prior_of(surveyed: Surveyed, write: Write) -> Existing | None:
    """Return the row that a write replaces, if there is one."""
    rows = surveyed.held.rows
    if write.dcid is None:
        return rows.get(write.slot)
    return next((row for row in rows.values() if row.dcid == write.dcid), None)


def _as_json(records: Sequence[Record]) -> str:
    told = [record.told() for record in records]
    return json.dumps(told[0] if len(told) == 1 else told)
