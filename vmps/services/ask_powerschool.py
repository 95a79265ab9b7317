"""Asking PowerSchool for a page: one of few places, and errors in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vmps.models import Cause, Connection
from vmps.powerschool import BadAddress, PowerSchoolError
from vmps.secrets import SecretUnreadable
from vmps.services.explain import explain_cause
from vmps.services.page_calls import place_for_call
from vmps.services.problems import Problem
from vmps.services.reaction import react

#: What a person has to mend; anything else passes by itself.
_LASTING = {
    Cause.CREDENTIALS_REFUSED,
    Cause.TLS_REFUSED,
    Cause.ADDRESS_REFUSED,
    Cause.FIELDS_NOT_GRANTED,
}


@contextmanager
def asked_plainly(
    district_id: int, *, otherwise: str = "Try again in a minute."
) -> Iterator[Connection]:
    """Give the district's connection; calls within end as a Problem in plain words.

    `otherwise` says what to do about what passes by itself.
    """
    connection = Connection.get_or_none(Connection.district == district_id)
    if connection is None:
        raise Problem(
            "The district is not connected to PowerSchool yet.",
            details=["A District Admin saves the PowerSchool connection."],
        )
    try:
        with place_for_call():
            yield connection
    except BadAddress as error:
        raise _plain(Cause.ADDRESS_REFUSED, "", otherwise) from error
    except SecretUnreadable as error:
        raise _plain(Cause.CREDENTIALS_REFUSED, "", otherwise) from error
    except PowerSchoolError as error:
        reaction = react(error, is_write=False)
        raise _plain(reaction.cause, reaction.detail, otherwise) from error


def _plain(cause: Cause, detail: str, otherwise: str) -> Problem:
    explanation = explain_cause(cause, detail)
    fix = explanation.fix if cause in _LASTING else otherwise
    return Problem(explanation.text, details=[fix])
