"""Where a writeback goes after a try: its status, when it is due, what is in doubt."""

# Pure functions; `record` writes it down.

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from vmps.db import utc_text
from vmps.models import Cause, Outcome, Status
from vmps.services.planning.day import Verdict
from vmps.services.reaction import Reaction, next_try
from vmps.services.workload import Claim

LONGEST_DETAIL = 2000


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where one writeback goes."""

    status: Status
    outcome: Outcome
    cause: Cause | None
    detail: str
    due_at: datetime
    give_up_at: datetime | None
    tries: int
    is_ambiguous: bool | None  # None: as it was
    covered_by: int | None = None

    @property
    def kept_detail(self) -> str:
        """Return what the attempt keeps of a refusal: never another student's name."""
        is_named = self.cause is Cause.WRONG_STUDENT
        if self.outcome is not Outcome.REFUSED or is_named:
            return ""
        return self.detail[:LONGEST_DETAIL]

    def row(self, claim: Claim, fence: int, now: datetime) -> tuple[object, ...]:
        """Return the parameters of the settling statement."""
        is_settled = self.status is not Status.PENDING
        return (
            self.status.value,
            utc_text(self.due_at),
            utc_text(self.give_up_at) if self.give_up_at else None,
            self.tries,
            self.is_ambiguous is not None,
            bool(self.is_ambiguous),
            self.cause.value if self.cause else None,
            self.detail[:LONGEST_DETAIL],
            self.covered_by,
            utc_text(now) if is_settled else None,
            claim.writeback_id,
            fence,
            claim.revision,
        )


def after_verdict(verdict: Verdict, claim: Claim, now: datetime) -> Settlement:
    """Return where a planned and (if needed) written writeback goes."""
    status = Status.SUCCESSFUL
    due_at = now
    if verdict.outcome is Outcome.REFUSED:
        status = Status.FAILED
    elif verdict.outcome is Outcome.NOT_SENT:
        status = Status.NOT_SENT
    elif verdict.outcome is Outcome.WAITS:
        status = Status.PENDING
        due_at = now + verdict.wait
    return Settlement(
        status=status,
        outcome=verdict.outcome,
        cause=verdict.cause,
        detail=verdict.detail,
        due_at=due_at,
        give_up_at=claim.give_up_at,
        tries=claim.tries,
        # Nothing is in doubt where no call was needed, or one told; else as it was.
        is_ambiguous=None if verdict.wait else False,
        covered_by=verdict.covered_by,
    )


def after_reaction(
    reaction: Reaction, claim: Claim, now: datetime, chance: random.Random
) -> Settlement:
    """Return where a writeback goes whose try met an error."""
    tries = claim.tries + reaction.uses_try
    status, cause, due_at = Status.PENDING, reaction.cause, now
    if reaction.is_final:
        status = Status.FAILED
    elif claim.give_up_at and now >= claim.give_up_at:
        status, cause = Status.FAILED, Cause.GAVE_UP
    elif reaction.uses_try:
        due_at = next_try(tries, now, chance)
    is_ambiguous = True if reaction.outcome is Outcome.AMBIGUOUS else None
    return Settlement(
        status=status,
        outcome=reaction.outcome,
        cause=cause,
        detail=reaction.detail,
        due_at=due_at,
        give_up_at=claim.give_up_at,
        tries=tries,
        is_ambiguous=False if reaction.is_final else is_ambiguous,
    )
