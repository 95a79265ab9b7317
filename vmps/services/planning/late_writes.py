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


def hold_off(
    plan: DayPlan,
    *,
    existing: Existing | None,
    uncertain: Mapping[str, datetime],
    now: datetime,
) -> DayPlan:
    """Wait where PowerSchool may still carry out an earlier, other write of ours.

    A write that we gave up on can land late, and would replace what is written now,
    or what another marked. One that is seen to stand there has landed.
    """
    wanted = plan.write.code if plan.write else _standing(existing)
    open_until = [
        asked_at + LATE_WRITES
        for code, asked_at in uncertain.items()
        if code not in {wanted, _standing(existing)} and asked_at + LATE_WRITES > now
    ]
    if not open_until:
        return plan
    wait = Verdict(Outcome.WAITS, Cause.SETTLING, wait=max(open_until) - now)
    return DayPlan(
        None,
        {
            event_id: verdict if verdict.cause in _OF_THE_EVENT else wait
            for event_id, verdict in plan.verdicts.items()
        },
    )


def _standing(existing: Existing | None) -> str:
    return existing.code if existing else BLANK
