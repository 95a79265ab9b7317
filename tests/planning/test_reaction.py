"""What every error leads to: table-driven over the client's whole error tree."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from vmps.models import Cause, Outcome
from vmps.powerschool import errors
from vmps.services.reaction import (
    LaneEffect,
    breaker_seconds,
    next_try,
    react,
    throttle_seconds,
)

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
FAILURE, PAUSE, PAUSE_MODE = (
    LaneEffect.FAILURE,
    LaneEffect.PAUSE,
    LaneEffect.PAUSE_MODE,
)
NOT_SENT, AMBIGUOUS = Outcome.NOT_SENT, Outcome.AMBIGUOUS

#: class: cause, lane, outcome of a read, outcome of a write, whether it uses a try
TABLE = {
    errors.PowerSchoolError: (Cause.NETWORK, FAILURE, NOT_SENT, NOT_SENT, True),
    errors.NotSent: (Cause.NETWORK, FAILURE, NOT_SENT, NOT_SENT, True),
    errors.AddressRefused: (Cause.ADDRESS_REFUSED, PAUSE, NOT_SENT, NOT_SENT, False),
    errors.TLSRefused: (Cause.TLS_REFUSED, PAUSE, NOT_SENT, NOT_SENT, False),
    errors.TimedOut: (Cause.TIMED_OUT, FAILURE, NOT_SENT, AMBIGUOUS, True),
    errors.ConnectionLost: (Cause.NETWORK, FAILURE, NOT_SENT, AMBIGUOUS, True),
    errors.ServerError: (Cause.SERVER_ERROR, FAILURE, NOT_SENT, AMBIGUOUS, True),
    errors.MalformedAnswer: (
        Cause.MALFORMED_ANSWER,
        FAILURE,
        NOT_SENT,
        AMBIGUOUS,
        True,
    ),
    errors.PartlyWritten: (
        Cause.MALFORMED_ANSWER,
        FAILURE,
        NOT_SENT,
        AMBIGUOUS,
        True,
    ),
    errors.UnexpectedRedirect: (
        Cause.MALFORMED_ANSWER,
        FAILURE,
        NOT_SENT,
        AMBIGUOUS,
        True,
    ),
    errors.Throttled: (
        Cause.THROTTLED,
        LaneEffect.THROTTLE,
        Outcome.THROTTLED,
        Outcome.THROTTLED,
        False,
    ),
    errors.CredentialsRefused: (
        Cause.CREDENTIALS_REFUSED,
        PAUSE,
        NOT_SENT,
        NOT_SENT,
        False,
    ),
    errors.TokenRefused: (Cause.CREDENTIALS_REFUSED, PAUSE, NOT_SENT, NOT_SENT, False),
    errors.V1AccessMissing: (
        Cause.FIELDS_NOT_GRANTED,
        PAUSE,
        NOT_SENT,
        NOT_SENT,
        False,
    ),
    errors.FieldsNotGranted: (
        Cause.FIELDS_NOT_GRANTED,
        PAUSE_MODE,
        NOT_SENT,
        NOT_SENT,
        False,
    ),
    errors.TooManyPages: (Cause.NETWORK, FAILURE, NOT_SENT, NOT_SENT, True),
    errors.TooManyRows: (Cause.NETWORK, FAILURE, NOT_SENT, NOT_SENT, True),
    errors.NotFound: (Cause.MALFORMED_ANSWER, FAILURE, NOT_SENT, NOT_SENT, True),
}


def all_errors(
    kind: type[errors.PowerSchoolError],
) -> set[type[errors.PowerSchoolError]]:
    below = {e for sub in kind.__subclasses__() for e in all_errors(sub)}
    return {kind} | below


def test_the_table_names_every_error() -> None:
    assert set(TABLE) | {errors.Rejected} == all_errors(errors.PowerSchoolError)


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize("is_write", [False, True])
def test_an_error_leads_to_one_thing(
    kind: type[errors.PowerSchoolError], is_write: bool
) -> None:
    cause, lane, of_read, of_write, uses_try = TABLE[kind]
    found = react(kind("said", status=418, excerpt="said"), is_write=is_write)
    assert (found.cause, found.lane, found.uses_try) == (cause, lane, uses_try)
    assert found.outcome is (of_write if is_write else of_read)
    assert (found.http_status, found.answer) == (418, "said")
    assert not found.is_final


def test_a_refused_write_is_final_and_the_event_s_own() -> None:
    found = react(errors.Rejected("no", status=400, excerpt="no"), is_write=True)
    assert (found.outcome, found.cause) == (Outcome.REFUSED, Cause.REFUSED)
    assert (found.is_final, found.lane) == (True, LaneEffect.NONE)


def test_a_refused_read_is_not_the_event_s_fault() -> None:
    found = react(errors.Rejected("no", status=400), is_write=False)
    assert (found.is_final, found.lane) == (False, FAILURE)


def test_nothing_of_the_token_s_step_is_ambiguous() -> None:
    error = errors.TimedOut("slow token")
    error.is_ambiguous = False
    assert react(error, is_write=True).outcome is NOT_SENT


def test_a_throttle_tells_how_long_to_wait() -> None:
    assert (
        react(
            errors.Throttled("wait", retry_after=7.0), is_write=True
        ).retry_after_seconds
        == 7.0
    )


def test_a_missing_grant_names_its_plugin_lines() -> None:
    field = errors.FieldGrant("ATTENDANCE", "Att_Comment", errors.FULL_ACCESS)
    found = react(errors.FieldsNotGranted("no", fields=(field,)), is_write=True)
    assert found.detail == field.plugin_line()


@pytest.mark.parametrize("seed", range(20))
def test_eight_tries_start_in_the_first_hour(seed: int) -> None:
    chance, now, tries = random.Random(seed), NOW, 1
    while now < NOW + timedelta(hours=1):
        now, tries = next_try(tries, now, chance), tries + 1
    assert tries - 1 >= 8


@pytest.mark.parametrize("tries", [1, 5, 8, 9, 80])
def test_a_try_waits_between_half_and_all_of_its_step(tries: int) -> None:
    waits = [
        (next_try(tries, NOW, random.Random(seed)) - NOW).total_seconds()
        for seed in range(50)
    ]
    assert max(waits) <= 2 * min(waits)
    assert max(waits) <= 3600
    assert len(set(waits)) > 40


def test_the_breaker_doubles_up_to_five_minutes() -> None:
    waits = [breaker_seconds(failures) for failures in (1, 5, 6, 7, 8, 9, 1000)]
    assert waits == [30, 30, 60, 120, 240, 300, 300]


@pytest.mark.parametrize(
    ("refusals", "asked", "waits"),
    [
        (0, None, 0.2),
        (1, None, 0.2),
        (4, None, 1.6),
        (9, None, 51.2),
        (10, None, 60),
        (1000, None, 60),
        (1, 7.0, 7.0),
        (10, 7.0, 60),
        (10, 3600.0, 3600.0),
    ],
)
def test_a_throttle_waits_ever_longer_and_as_long_as_asked(
    refusals: int, asked: float | None, waits: float
) -> None:
    assert throttle_seconds(refusals, asked) == pytest.approx(waits)


@pytest.mark.parametrize("came_too_soon", [True, False])
def test_only_what_came_too_soon_teaches_the_pace(came_too_soon: bool) -> None:
    error = errors.Throttled("wait", came_too_soon=came_too_soon)
    assert react(error, is_write=True).came_too_soon is came_too_soon
    assert not react(errors.ServerError("no"), is_write=True).came_too_soon
