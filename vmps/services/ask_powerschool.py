"""Asking PowerSchool for a person: paced, in few places, errors in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vmps.config import Settings
from vmps.models import Cause, Connection, Lane
from vmps.powerschool import BadAddress, PowerSchoolError
from vmps.secrets import SecretUnreadable
from vmps.services.explain import explain_cause
from vmps.services.link import Link
from vmps.services.page_calls import Budget, place_for_call
from vmps.services.problems import Missing, Problem
from vmps.services.reaction import react

#: What a person has to mend; anything else passes by itself.
_LASTING = {
    Cause.CREDENTIALS_REFUSED,
    Cause.TLS_REFUSED,
    Cause.ADDRESS_REFUSED,
    Cause.FIELDS_NOT_GRANTED,
}
_AGAIN = "Try again in a minute."


@dataclass(frozen=True, slots=True)
class Asked:
    """A district's PowerSchool, and the time for all calls together."""

    link: Link
    budget: Budget


@contextmanager
def ask_powerschool(
    district_id: int, settings: Settings, *, seconds: float | None = None
) -> Iterator[Asked]:
    """Hold a place for a page's calls; what they raise ends as a Problem.

    The budget is ATTEMPT_SECONDS, or as many as are given.
    """
    connection = find_connection(district_id)
    try:
        with place_for_call(), reach(connection, settings, seconds=seconds) as asked:
            yield asked
    except SecretUnreadable as error:
        raise Problem(
            "The saved Client Secret cannot be read any more.",
            details=["A District Admin saves the Client Secret again."],
        ) from error
    except (PowerSchoolError, BadAddress) as error:
        raise problem_of(error) from error


def find_connection(district_id: int) -> Connection:
    """Return the district's connection, or say that there is none."""
    connection = Connection.get_or_none(Connection.district == district_id)
    if connection is None:
        said = explain_cause(Cause.NO_CONNECTION, "")
        raise Missing(said.text, details=[said.fix])
    return connection


@contextmanager
def reach(
    connection: Connection, settings: Settings, *, seconds: float | None = None
) -> Iterator[Asked]:
    """Open a link that is as slow as this PowerSchool is known to want it."""
    link = Link(connection, settings)
    link.pacer.start_at(Lane.get_by_id(connection.district_id).pace_seconds)
    budget = Budget(
        link.pacer,
        seconds=seconds or settings.attempt_seconds,
        call_seconds=settings.call_seconds,
    )
    with link.client:
        yield Asked(link, budget)


def problem_of(error: PowerSchoolError | BadAddress, *, again: str = _AGAIN) -> Problem:
    """Return what went wrong in plain words, and what to do about it."""
    if isinstance(error, BadAddress):
        return _plain(Cause.ADDRESS_REFUSED, "", again)
    reaction = react(error, is_write=False)
    return _plain(reaction.cause, reaction.detail, again)


def _plain(cause: Cause, detail: str, again: str) -> Problem:
    explanation = explain_cause(cause, detail)
    fix = explanation.fix if cause in _LASTING else again
    return Problem(explanation.text, details=[fix])
