"""PowerSchool's errors as a page tells them to the person who asked."""

from __future__ import annotations

from vmps.models import Cause
from vmps.powerschool import BadAddress, PowerSchoolError
from vmps.services.explain import explain_cause
from vmps.services.problems import Problem
from vmps.services.reaction import react

#: What a person has to mend; anything else passes by itself.
_LASTING = {
    Cause.CREDENTIALS_REFUSED,
    Cause.TLS_REFUSED,
    Cause.ADDRESS_REFUSED,
    Cause.FIELDS_NOT_GRANTED,
}
_AGAIN = "Try again in a minute."


def problem_of(error: PowerSchoolError | BadAddress) -> Problem:
    """Return what went wrong in plain words, and what to do about it."""
    if isinstance(error, BadAddress):
        return _plain(Cause.ADDRESS_REFUSED, "")
    reaction = react(error, is_write=False)
    return _plain(reaction.cause, reaction.detail)


def _plain(cause: Cause, detail: str) -> Problem:
    explanation = explain_cause(cause, detail)
    fix = explanation.fix if cause in _LASTING else _AGAIN
    return Problem(explanation.text, details=[fix])
