"""Writing down what happened: attempts begun and completed, writebacks settled."""

# Whole groups in one transaction and plain SQL: per-row models cost a drain more than
# the calls it makes. Nothing is recorded under any fence but the newest.

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vmps.db import execute_many, query, transaction, utc_text
from vmps.models import Outcome
from vmps.services.identify import Resolution
from vmps.services.lease import holds_lane
from vmps.services.planning.day import Verdict
from vmps.services.reaction import Reaction
from vmps.services.settlement import Settlement, after_reaction, after_verdict
from vmps.services.subject import Subject
from vmps.services.workload import Claim, Unit

CAPPED = 2000  # characters kept of a request or an answer


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
    #: Of other modes than Daily, each row: JSON list of [slot, code, prior code], and
    #: where it named the row to change, the prior minutes and the row's DCID.
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How a unit's try ended: a verdict for each event, or one reaction for all."""

    unit: Unit
    verdicts: dict[int, Verdict]
    reaction: Reaction | None = None
    sent: Sent | None = None
    resolution: Resolution | None = None
    was_begun: bool = False

    @property
    def ps_id(self) -> int | None:
        """Return STUDENTS.ID, None where nobody was agreed on."""
        return Subject(self.unit, self.resolution).ps_id


_HELD = "SELECT id, revision FROM writeback WHERE id IN ({places}) AND claim_fence = %s"
_BEGIN = (
    "INSERT INTO attempt (writeback_id, fence, started_at, outcome, code, prior_code,"
    " request, marks, answer, detail)"
    " VALUES (%s, %s, %s, 'started', %s, %s, %s, %s, '', '')"
)
_COMPLETE = (
    "UPDATE attempt SET finished_at = %s, outcome = %s, cause = %s, detail = %s,"
    " http_status = %s, ps_row = %s, answer = %s"
    " WHERE writeback_id = %s AND fence = %s AND outcome = 'started'"
)
_WHOLE = (
    "INSERT INTO attempt (writeback_id, fence, started_at, finished_at, outcome,"
    " cause, detail, http_status, prior_code, request, marks, answer)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', %s)"
)
_SETTLE = (
    "UPDATE writeback SET status = %s, due_at = %s, give_up_at = %s, tries = %s,"
    " claim_fence = NULL, is_ambiguous = CASE WHEN %s THEN %s ELSE is_ambiguous END,"
    " cause = %s, detail = %s, covered_by_id = %s, settled_at = %s,"
    " ps_id = COALESCE(%s, ps_id)"
    " WHERE id = %s AND claim_fence = %s AND revision = %s"
)
#: Voided or requeued while it was written: what it owes is in doubt until it is read.
_OVERTAKEN = (
    "UPDATE writeback SET is_ambiguous = %s"
    " WHERE id = %s AND revision <> %s AND status = 'pending'"
)
_REACHED = {Outcome.WRITTEN, Outcome.COVERED, Outcome.AMBIGUOUS}
_COVER = (
    "UPDATE writeback SET covered_by_id = %s,"
    " cause = CASE WHEN %s THEN 'covered' WHEN cause = 'covered' THEN NULL"
    " ELSE cause END WHERE event_id = %s AND status = 'successful'"
)
_RESOLVE = (
    "UPDATE student SET ps_id = %s, ps_dcid = %s, ps_school_number = %s,"
    " ps_enroll_status = %s, ps_entry_date = %s, ps_exit_date = %s,"
    " ps_checked_at = %s WHERE id = %s"
    # As it was compared: an import may have saved another number or name meanwhile.
    " AND sis_id = %s AND student_number = %s AND first_name = %s AND last_name = %s"
)
#: A refused record may be a student's who was merged with another: asked for again.
_DOUBT = "UPDATE student SET ps_checked_at = NULL WHERE id = %s"


def begin_attempts(
    district_id: int,
    units: Sequence[tuple[Unit, Sent]],
    *,
    fence: int,
    now: datetime,
) -> set[Unit]:
    """Write the attempts of these units as started, before any of their calls.

    Return the begun ones: what was voided, retried or replanned meanwhile is not, for
    its plan is out of date.
    """
    at = utc_text(now)
    with transaction():
        if not holds_lane(district_id, fence):
            raise LaneLost
        held = _held_claims([unit for unit, _ in units], fence)
        begun = [(u, sent) for u, sent in units if held.issuperset(_claims_of(u))]
        execute_many(
            _BEGIN,
            [
                (
                    c.writeback_id,
                    fence,
                    at,
                    sent.code,
                    sent.prior_code,
                    sent.request,
                    sent.marks,
                )
                for unit, sent in begun
                for c in unit.claims
            ],
        )
    return {unit for unit, _ in begun}


def _claims_of(unit: Unit) -> set[tuple[int, int]]:
    return {(claim.writeback_id, claim.revision) for claim in unit.claims}


def _held_claims(units: Sequence[Unit], fence: int) -> set[tuple[int, int]]:
    ids = [claim.writeback_id for unit in units for claim in unit.claims]
    places = ", ".join(["%s"] * len(ids))
    rows = query(_HELD.format(places=places), [*ids, fence])
    return {(row[0], row[1]) for row in rows}


def record_results(
    district_id: int,
    results: Sequence[Result],
    learnt: Sequence[Resolution] = (),
    *,
    fence: int,
    now: datetime,
    chance: random.Random,
) -> None:
    """Complete the attempts and settle the writebacks, all or nothing.

    What was `learnt` of students without a result is remembered as well.
    """
    rows = [
        (result, claim, _settlement(result, claim, now, chance))
        for result in results
        for claim in result.unit.claims
    ]
    ended = {result.unit.student.id for result in results if result.resolution}
    resolutions = [result.resolution for result in results if result.resolution]
    resolutions += [one for one in learnt if one.student.id not in ended]
    with transaction():
        if not holds_lane(district_id, fence):
            raise LaneLost
        execute_many(_COMPLETE, [_completed(r, c, s, fence, now) for r, c, s in rows
                                 if r.was_begun])  # fmt: skip
        execute_many(_WHOLE, [_whole(r, c, s, fence, now) for r, c, s in rows
                              if not r.was_begun])  # fmt: skip
        execute_many(_SETTLE, [s.row(c, r.ps_id, fence, now) for r, c, s in rows])
        execute_many(_OVERTAKEN, [(True, c.writeback_id, c.revision)
                                  for r, c, s in rows if r.was_begun
                                  and s.outcome in _REACHED])  # fmt: skip
        execute_many(_COVER, [row for r in results for row in _covers(r)])
        keep_resolutions(resolutions, now=now)
        execute_many(_DOUBT, sorted(_doubted(results)))


def keep_resolutions(resolutions: Sequence[Resolution], *, now: datetime) -> None:
    """Remember who these students are in PowerSchool, in the caller's transaction."""
    # By id, as kiosks' transactions lock students: in turn, never crosswise.
    in_turn = sorted(resolutions, key=lambda resolution: resolution.student.id)
    execute_many(_RESOLVE, [_resolved(resolution, now) for resolution in in_turn])


def _settlement(
    result: Result, claim: Claim, now: datetime, chance: random.Random
) -> Settlement:
    if result.reaction:
        return after_reaction(result.reaction, claim, now, chance)
    return after_verdict(result.verdicts[claim.event_id], claim, now)


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
        settled.kept_detail,
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
        settled.kept_detail,
        status,
        result.sent.prior_code if result.sent else None,
        answer,
    )


def _covers(result: Result) -> Iterable[tuple[int | None, bool, int]]:
    """An event settled earlier may now be covered, or stand again."""
    if result.reaction:
        return
    claimed = {claim.event_id for claim in result.unit.claims}
    for event_id, verdict in result.verdicts.items():
        if event_id not in claimed and not verdict.is_refusal:
            covered_by = verdict.covered_by
            yield covered_by, covered_by is not None, event_id


def _doubted(results: Sequence[Result]) -> set[tuple[int]]:
    return {
        (result.unit.student.id,)
        for result in results
        if result.reaction and result.reaction.outcome is Outcome.REFUSED
    }


def _resolved(resolution: Resolution, now: datetime) -> tuple[object, ...]:
    student, record = resolution.student, resolution.record
    person = student.person
    names = (person.student_number, person.first_name, person.last_name)
    as_compared = (student.id, student.sis_id, *names)
    if record is None:
        return (*[None] * 7, *as_compared)
    return (
        record.id,
        record.dcid,
        str(record.school_number),
        record.enroll_status,
        record.entry_date and record.entry_date.isoformat(),
        record.exit_date and record.exit_date.isoformat(),
        utc_text(now),
        *as_compared,
    )
