"""Orders: planned writes of one student and day, on their way to PowerSchool."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vmps.powerschool import Deadline
from vmps.services.identify import Resolution
from vmps.services.modes.mode import Mode, Record
from vmps.services.planning.day import DAY, DayPlan, Verdict
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
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Written:
    """An order that PowerSchool says it took."""

    order: Order
    sent: Sent


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
        deadline=deadline,
    )


def _sent(surveyed: Surveyed, plan: DayPlan, records: Sequence[Record]) -> Sent:
    """Return what the attempt keeps: the first write's code stands for all."""
    priors = [_prior(surveyed, write.slot) for write in plan.writes]
    marks = [
        [write.slot, write.code, prior]
        for write, prior in zip(plan.writes, priors, strict=True)
        if write.slot != DAY
    ]
    return Sent(
        code=plan.writes[0].code,
        prior_code=priors[0],
        request=_as_json(records),
        marks=json.dumps(marks) if marks else "",
    )


def _prior(surveyed: Surveyed, slot: str) -> str | None:
    existing = surveyed.held.rows.get(slot)
    return existing.code if existing else None


def _as_json(records: Sequence[Record]) -> str:
    told = [record.told() for record in records]
    return json.dumps(told[0] if len(told) == 1 else told)
