"""Waiting until an earlier write of ours, given up on, cannot land any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from vmps.models import Cause, Outcome
from vmps.services.planning.day import BLANK, DayPlan, Existing, Verdict

#: Refusals that no late write can change.
_OF_THE_EVENT = (Cause.UNMAPPED_REASON, Cause.CODE_MISSING)

#: PowerSchool may carry out a write for so long after we gave it up.
LATE_WRITES = timedelta(seconds=60)

#: By slot and code: when PowerSchool was asked for what it may still write for us.
Uncertain = Mapping[str, Mapping[str, datetime]]


def hold_off(
    plan: DayPlan,
    *,
    rows: Mapping[str, Existing],
    uncertain: Uncertain,
    now: datetime,
) -> DayPlan:
    """Wait where PowerSchool may still carry out an earlier, other write of ours.

    A write that we gave up on can land late, and would replace what is written now,
    or what another marked. One that is seen to stand there has landed.
    """
    wanted = {write.slot: write.code for write in plan.writes}
    open_until = [
        asked_at + LATE_WRITES
        for slot, codes in uncertain.items()
        for code, asked_at in codes.items()
        if asked_at + LATE_WRITES > now
        and code not in {wanted.get(slot, _standing(rows, slot)), _standing(rows, slot)}
    ]
    return wait_until(max(open_until), plan, now=now) if open_until else plan


def wait_until(moment: datetime, plan: DayPlan, *, now: datetime) -> DayPlan:
    """Return the plan that writes nothing before that moment."""
    wait = Verdict(Outcome.WAITS, Cause.SETTLING, wait=moment - now)
    return DayPlan(
        (),
        {
            event_id: verdict if verdict.cause in _OF_THE_EVENT else wait
            for event_id, verdict in plan.verdicts.items()
        },
    )


def _standing(rows: Mapping[str, Existing], slot: str) -> str:
    return rows[slot].code if slot in rows else BLANK
