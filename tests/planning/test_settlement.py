"""Where a writeback goes after a verdict or an error."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vmps.models import Cause, Outcome, Status
from vmps.services.planning.day import Verdict
from vmps.services.reaction import GIVE_UP_AFTER, Reaction
from vmps.services.settlement import Settlement, after_reaction, after_verdict
from vmps.services.workload import Claim

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def claim(**more: Any) -> Claim:
    given = {"tries": 2, "give_up_at": NOW + GIVE_UP_AFTER} | more
    return Claim(writeback_id=1, event_id=1, revision=0, **given)


def react_to(outcome: Outcome, cause: Cause, **more: Any) -> Settlement:
    held = more.pop("claim", claim())
    return after_reaction(Reaction(outcome, cause, **more), held, NOW, random.Random(1))


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.WRITTEN, Status.SUCCESSFUL),
        (Outcome.ALREADY_THERE, Status.SUCCESSFUL),
        (Outcome.COVERED, Status.SUCCESSFUL),
        (Outcome.VOIDED, Status.SUCCESSFUL),
        (Outcome.REFUSED, Status.FAILED),
        (Outcome.NOT_SENT, Status.NOT_SENT),
        (Outcome.WAITS, Status.PENDING),
    ],
)
def test_a_verdict_settles_and_leaves_no_doubt(
    outcome: Outcome, status: Status
) -> None:
    settled = after_verdict(Verdict(outcome), claim(), NOW)
    assert settled.status is status
    assert settled.is_ambiguous is False


def test_a_network_error_uses_a_try_and_is_due_again_later() -> None:
    settled = react_to(Outcome.NOT_SENT, Cause.NETWORK)
    assert (settled.status, settled.tries) == (Status.PENDING, 3)
    assert settled.due_at > NOW
    assert settled.is_ambiguous is None


def test_what_uses_no_try_is_due_as_soon_as_the_lane_is() -> None:
    settled = react_to(Outcome.THROTTLED, Cause.THROTTLED, uses_try=False)
    assert (settled.tries, settled.due_at) == (2, NOW)


def test_an_unsure_write_stays_in_doubt() -> None:
    assert react_to(Outcome.AMBIGUOUS, Cause.TIMED_OUT).is_ambiguous is True


def test_a_refusal_is_final_and_beyond_doubt() -> None:
    settled = react_to(Outcome.REFUSED, Cause.REFUSED, is_final=True)
    assert (settled.status, settled.is_ambiguous) == (Status.FAILED, False)


@pytest.mark.parametrize("uses_try", [False, True])
def test_72_hours_end_any_trying(uses_try: bool) -> None:
    held = claim(give_up_at=NOW - timedelta(seconds=1))
    settled = react_to(
        Outcome.AMBIGUOUS, Cause.TIMED_OUT, uses_try=uses_try, claim=held
    )
    assert (settled.status, settled.cause) == (Status.FAILED, Cause.GAVE_UP)
    assert settled.is_ambiguous is True
