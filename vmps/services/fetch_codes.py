"""Asking PowerSchool for a school's attendance codes, with errors in plain words."""

# Always outside a transaction. Who asks brings the client: a page's own, or a lane's.

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from vmps.config import Settings
from vmps.models import Cause, Connection, District, School
from vmps.powerschool import (
    AttendanceCode,
    BadAddress,
    Deadline,
    PowerSchool,
    PowerSchoolError,
    year_id_of,
)
from vmps.services.explain import explain_cause
from vmps.services.link import make_client
from vmps.services.problems import Problem
from vmps.services.reaction import react
from vmps.services.school_years import day_within, name_year
from vmps.services.schools import today_at

#: What a person has to mend; anything else passes by itself.
_LASTING = {
    Cause.CREDENTIALS_REFUSED,
    Cause.TLS_REFUSED,
    Cause.ADDRESS_REFUSED,
    Cause.FIELDS_NOT_GRANTED,
}
_AGAIN = "Try again in a minute. The codes that were imported before stay."


class NotAnswered(Problem):
    """PowerSchool could not be asked: another school's codes would fare no better."""


@dataclass(frozen=True, slots=True)
class FetchedCodes:
    """The codes of one school year."""

    year_id: int
    codes: Sequence[AttendanceCode]


def open_client(
    district: District, settings: Settings
) -> AbstractContextManager[PowerSchool]:
    """Return a client of the district's own for a page or a command."""
    connection = Connection.get_or_none(Connection.district == district.id)
    if connection is None:
        raise NotAnswered(
            f"{district.name} is not connected to PowerSchool yet.",
            details=["A District Admin saves the PowerSchool connection."],
        )
    try:
        return make_client(connection, settings)
    except BadAddress as error:
        raise _plain(Cause.ADDRESS_REFUSED, "") from error


def fetch_codes(
    client: PowerSchool, school: School, day: date, *, deadline: Deadline
) -> FetchedCodes:
    """Return the codes of the school year of `day`; the client's errors are raised.

    Between terms no code is valid on the day itself: then its year is asked for.
    """
    number, year_id = int(school.number), year_id_of(day)
    found = client.attendance_codes(number, day, deadline=deadline)
    if not any(code.code for code in found):
        within = day_within(year_id)
        found = client.attendance_codes(number, within, deadline=deadline)
    if not any(code.code for code in found):
        raise Problem(
            f"PowerSchool has no attendance codes for school {school.number} in"
            f" {name_year(year_id)}.",
            details=["Check the school's number, and its codes in PowerSchool."],
        )
    year_id = found[0].year_id
    codes = [code for code in found if code.year_id == year_id]
    return FetchedCodes(year_id, sorted(codes, key=_place))


def ask_for_codes(
    client: PowerSchool,
    school: School,
    *,
    settings: Settings,
    now: datetime,
    year_id: int | None = None,
) -> FetchedCodes:
    """Do the same for a person: the school's year, or another; in plain words."""
    day = day_within(year_id) if year_id is not None else today_at(school, now)
    deadline = Deadline.after(settings.call_seconds)
    try:
        return fetch_codes(client, school, day, deadline=deadline)
    except PowerSchoolError as error:
        reaction = react(error, is_write=False)
        raise _plain(reaction.cause, reaction.detail) from error


def _place(code: AttendanceCode) -> tuple[str, str]:
    return code.code.casefold(), code.code


def _plain(cause: Cause, detail: str) -> NotAnswered:
    explanation = explain_cause(cause, detail)
    fix = explanation.fix if cause in _LASTING else _AGAIN
    return NotAnswered(explanation.text, details=[fix])
