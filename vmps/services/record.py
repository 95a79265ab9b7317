"""Writing down what happened: attempts begun, attempts completed, writebacks settled.

Whole groups in one transaction and plain SQL: per-row models cost a drain more than
the calls it makes. Nothing is recorded under any fence but the newest.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.db import execute_many, transaction, utc_text
from vmps.models import Cause, Outcome, Status
from vmps.services.identify import Resolution
from vmps.services.lease import holds_lane
from vmps.services.plan import Verdict
from vmps.services.reaction import Reaction, next_try
from vmps.services.workload import Claim, Unit

CAPPED = 2000  # characters kept of a request or an answer
MODE_LOOK_AGAIN = timedelta(hours=1)


class LaneLost(Exception):
    """Another drain has taken the lane; what this one knows is not recorded."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was written for a unit, for its attempts."""

    code: str
    prior_code: str | None
    request: str
    http_status: int | None = None
    ps_row: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How a unit's try ended: a verdict for each event, or one reaction for all."""

    unit: Unit
    verdicts: dict[int, Verdict]
    reaction: Reaction | None = None
    sent: Sent | None = None
    resolution: Resolution | None = None
    was_begun: bool = False


_BEGIN = (
    "INSERT INTO attempt (writeback_id, fence, started_at, outcome, code, prior_code,"
    " request, answer) VALUES (%s, %s, %s, 'started', %s, %s, %s, '')"
)
_COMPLETE = (
    "UPDATE attempt SET finished_at = %s, outcome = %s, cause = %s, http_status = %s,"
    " ps_row = %s, answer = %s"
    " WHERE writeback_id = %s AND fence = %s AND outcome = 'started'"
)
_WHOLE = (
    "INSERT INTO attempt (writeback_id, fence, started_at, finished_at, outcome,"
    " cause, http_status, prior_code, request, answer)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '', %s)"
)
_SETTLE = (
    "UPDATE writeback SET status = %s, due_at = %s, give_up_at = %s, tries = %s,"
    " claim_fence = NULL, is_ambiguous = CASE WHEN %s THEN %s ELSE is_ambiguous END,"
    " cause = %s, detail = %s, covered_by_id = %s, settled_at = %s"
    " WHERE id = %s AND claim_fence = %s AND revision = %s"
)
_COVER = (
    "UPDATE writeback SET covered_by_id = %s"
    " WHERE event_id = %s AND status = 'successful'"
)
_RESOLVE = (
    "UPDATE student SET ps_id = %s, ps_dcid = %s, ps_school_number = %s,"
    " ps_enroll_status = %s, ps_entry_date = %s, ps_exit_date = %s,"
    " ps_checked_at = %s WHERE id = %s"
)


def begin_attempts(
    district_id: int,
    units: Iterable[tuple[Unit, Sent]],
    *,
    fence: int,
    now: datetime,
) -> None:
    """Write the attempts of these units as started, before any of their calls."""
    at = utc_text(now)
    rows = [
        (c.writeback_id, fence, at, sent.code, sent.prior_code, sent.request[:CAPPED])
        for unit, sent in units
        for c in unit.claims
    ]
    with transaction():
        if not holds_lane(district_id, fence):
            raise LaneLost
        execute_many(_BEGIN, rows)


def record_results(
    district_id: int,
    results: Sequence[Result],
    *,
    fence: int,
    now: datetime,
    chance: random.Random,
) -> None:
    """Complete the attempts and settle the writebacks, all or nothing."""
    rows = [
        (result, claim, _settlement(result, claim, now, chance))
        for result in results
        for claim in result.unit.claims
    ]
    resolutions = [r.resolution for r in results if r.resolution]
    with transaction():
        if not holds_lane(district_id, fence):
            raise LaneLost
        execute_many(_COMPLETE, [_completed(r, c, s, fence, now) for r, c, s in rows
                                 if r.was_begun])  # fmt: skip
        execute_many(_WHOLE, [_whole(r, c, s, fence, now) for r, c, s in rows
                              if not r.was_begun])  # fmt: skip
        execute_many(_SETTLE, [s.row(c, fence, now) for _, c, s in rows])
        execute_many(_COVER, [row for r in results for row in _covers(r)])
        execute_many(_RESOLVE, [_resolved(r, now) for r in resolutions])


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
            self.detail[:CAPPED],
            self.covered_by,
            utc_text(now) if is_settled else None,
            claim.writeback_id,
            fence,
            claim.revision,
        )


def _settlement(
    result: Result, claim: Claim, now: datetime, chance: random.Random
) -> Settlement:
    if result.reaction:
        return after_reaction(result.reaction, claim, now, chance)
    return after_verdict(result.verdicts[claim.event_id], claim, now)


def after_verdict(verdict: Verdict, claim: Claim, now: datetime) -> Settlement:
    """Return where a planned and (if needed) written writeback goes."""
    status = Status.SUCCESSFUL
    due_at, give_up_at = now, claim.give_up_at
    if verdict.outcome is Outcome.REFUSED:
        status = Status.FAILED
    elif verdict.outcome is Outcome.NOT_SENT:
        status = Status.NOT_SENT
    elif verdict.outcome is Outcome.WAITS:
        status = Status.PENDING
        due_at = now + (verdict.wait or MODE_LOOK_AGAIN)
        give_up_at = give_up_at if verdict.wait else None
    return Settlement(
        status=status,
        outcome=verdict.outcome,
        cause=verdict.cause,
        detail=verdict.detail,
        due_at=due_at,
        give_up_at=give_up_at,
        tries=claim.tries,
        is_ambiguous=None if status is Status.PENDING else False,
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


def _answer(result: Result) -> tuple[int | None, str]:
    if result.reaction:
        return result.reaction.http_status, result.reaction.answer[:CAPPED]
    if result.sent:
        return result.sent.http_status, result.sent.answer[:CAPPED]
    return None, ""


def _completed(  # noqa: PLR0917 the columns of one statement
    result: Result, claim: Claim, settled: Settlement, fence: int, now: datetime
) -> tuple[object, ...]:
    status, answer = _answer(result)
    return (
        utc_text(now),
        settled.outcome.value,
        settled.cause.value if settled.cause else None,
        status,
        result.sent.ps_row if result.sent else None,
        answer,
        claim.writeback_id,
        fence,
    )


def _whole(  # noqa: PLR0917 the columns of one statement
    result: Result, claim: Claim, settled: Settlement, fence: int, now: datetime
) -> tuple[object, ...]:
    status, answer = _answer(result)
    return (
        claim.writeback_id,
        fence,
        utc_text(now),
        utc_text(now),
        settled.outcome.value,
        settled.cause.value if settled.cause else None,
        status,
        result.sent.prior_code if result.sent else None,
        answer,
    )


def _covers(result: Result) -> Iterable[tuple[int | None, int]]:
    """An event settled earlier may now be covered, or stand again."""
    if result.reaction:
        return
    claimed = {claim.event_id for claim in result.unit.claims}
    for event_id, verdict in result.verdicts.items():
        if event_id not in claimed and not verdict.is_refusal:
            yield verdict.covered_by, event_id


def _resolved(resolution: Resolution, now: datetime) -> tuple[object, ...]:
    record = resolution.record
    if record is None:
        return (None, None, None, None, None, None, None, resolution.student_id)
    return (
        record.id,
        record.dcid,
        str(record.school_number),
        record.enroll_status,
        record.entry_date and record.entry_date.isoformat(),
        record.exit_date and record.exit_date.isoformat(),
        utc_text(now),
        resolution.student_id,
    )
