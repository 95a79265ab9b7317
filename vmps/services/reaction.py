"""What an error leads to: for the writeback, for its tries, for the lane."""

# Pure functions; the only place that turns the client's typed errors into decisions.

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vmps.models import Cause, Outcome
from vmps.powerschool import errors

GIVE_UP_AFTER = timedelta(hours=72)

#: Seconds before the next try; then hourly. Eight tries start within 39 minutes.
BACK_OFF_SECONDS = (5, 15, 45, 120, 300, 600, 1200, 1800)
HOURLY = 3600

#: The first wait after a throttle that names none; it doubles while none is taken.
THROTTLE_SECONDS = 0.2
THROTTLE_LONGEST_SECONDS = 60

BREAKER_FAILURES = 5
BREAKER_SECONDS = 30
BREAKER_LONGEST_SECONDS = 300


class LaneEffect(StrEnum):
    """What an error does to the whole lane."""

    NONE = "none"
    FAILURE = "failure"  # counted; five in a row open the breaker
    THROTTLE = "throttle"
    PAUSE = "pause"
    PAUSE_MODE = "pause_mode"


@dataclass(frozen=True, slots=True)
class Reaction:
    """How one attempt ended and what follows."""

    outcome: Outcome
    cause: Cause
    is_final: bool = False
    uses_try: bool = True
    lane: LaneEffect = LaneEffect.NONE
    retry_after_seconds: float | None = None
    #: PowerSchool refused the call for its pace, not because it is down.
    came_too_soon: bool = False
    detail: str = ""
    http_status: int | None = None
    answer: str = ""


_NETWORK = (
    (errors.TimedOut, Cause.TIMED_OUT),
    (errors.ServerError, Cause.SERVER_ERROR),
    (errors.MalformedAnswer, Cause.MALFORMED_ANSWER),
    (errors.UnexpectedRedirect, Cause.MALFORMED_ANSWER),
    (errors.NotFound, Cause.MALFORMED_ANSWER),
    (errors.Rejected, Cause.MALFORMED_ANSWER),  # of a read: not the event's fault
)
_PAUSES = (
    (errors.CredentialsRefused, Cause.CREDENTIALS_REFUSED),
    (errors.TokenRefused, Cause.CREDENTIALS_REFUSED),
    (errors.TLSRefused, Cause.TLS_REFUSED),
    (errors.AddressRefused, Cause.ADDRESS_REFUSED),
    (errors.V1AccessMissing, Cause.FIELDS_NOT_GRANTED),
)


def react(error: errors.PowerSchoolError, *, is_write: bool) -> Reaction:
    """Return what follows from `error`, raised by a read or by the write itself."""
    reaction = _react(error, is_write=is_write)
    return Reaction(
        outcome=reaction.outcome,
        cause=reaction.cause,
        is_final=reaction.is_final,
        uses_try=reaction.uses_try,
        lane=reaction.lane,
        retry_after_seconds=reaction.retry_after_seconds,
        came_too_soon=reaction.came_too_soon,
        detail=reaction.detail,
        http_status=error.status,
        answer=error.excerpt,
    )


def _react(error: errors.PowerSchoolError, *, is_write: bool) -> Reaction:
    if isinstance(error, errors.Throttled):
        return Reaction(
            Outcome.THROTTLED,
            Cause.THROTTLED,
            uses_try=False,
            lane=LaneEffect.THROTTLE,
            retry_after_seconds=error.retry_after,
            came_too_soon=error.came_too_soon,
        )
    for kind, cause in _PAUSES:
        if isinstance(error, kind):
            return _pause(cause, LaneEffect.PAUSE)
    if isinstance(error, errors.FieldsNotGranted):
        lines = error.plugin_lines()
        return _pause(Cause.FIELDS_NOT_GRANTED, LaneEffect.PAUSE_MODE, lines)
    if is_write and isinstance(error, errors.Rejected):
        return Reaction(
            Outcome.REFUSED, Cause.REFUSED, is_final=True, detail=error.excerpt
        )
    cause = next((c for kind, c in _NETWORK if isinstance(error, kind)), Cause.NETWORK)
    is_ambiguous = is_write and error.is_ambiguous
    outcome = Outcome.AMBIGUOUS if is_ambiguous else Outcome.NOT_SENT
    return Reaction(outcome, cause, lane=LaneEffect.FAILURE)


def _pause(cause: Cause, lane: LaneEffect, detail: str = "") -> Reaction:
    return Reaction(Outcome.NOT_SENT, cause, uses_try=False, lane=lane, detail=detail)


def next_try(tries: int, now: datetime, chance: random.Random) -> datetime:
    """Return when to try again after `tries` tries: 50 to 100 % of the step."""
    step = BACK_OFF_SECONDS[tries - 1] if tries <= len(BACK_OFF_SECONDS) else HOURLY
    return now + timedelta(seconds=step * chance.uniform(0.5, 1.0))


def breaker_seconds(failures: int) -> float:
    """Return how long the breaker stays open after so many failures in a row."""
    doublings = max(0, failures - BREAKER_FAILURES)
    return float(min(BREAKER_SECONDS * 2**doublings, BREAKER_LONGEST_SECONDS))


def throttle_seconds(refusals: int, asked: float | None) -> float:
    """Return how long the lane waits after so many refusals with nothing between.

    What PowerSchool asked for is a floor. A server that is down for maintenance asks
    for nothing: it is tried ever less often.
    """
    doublings = min(max(0, refusals - 1), 16)
    own = min(THROTTLE_SECONDS * float(2**doublings), THROTTLE_LONGEST_SECONDS)
    return max(asked or 0.0, own)
