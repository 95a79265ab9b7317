"""Asking PowerSchool for a page: in one of few places, errors in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vmps.models import Connection
from vmps.powerschool import BadAddress, PowerSchoolError
from vmps.secrets import SecretUnreadable
from vmps.services.call_problems import problem_of
from vmps.services.page_calls import place_for_call
from vmps.services.problems import Problem


@contextmanager
def asked_plainly(district_id: int) -> Iterator[Connection]:
    """Give the district's connection; calls within end as a Problem in plain words."""
    connection = Connection.get_or_none(Connection.district == district_id)
    if connection is None:
        raise Problem(
            "The district is not connected to PowerSchool yet.",
            details=["A District Admin saves the PowerSchool connection."],
        )
    try:
        with place_for_call():
            yield connection
    except SecretUnreadable as error:
        raise Problem(
            "The saved Client Secret cannot be read any more.",
            details=["A District Admin saves the Client Secret again."],
        ) from error
    except (PowerSchoolError, BadAddress) as error:
        raise problem_of(error) from error
