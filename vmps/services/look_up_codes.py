"""Looking up a school's attendance codes in PowerSchool, and keeping them a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vmps.config import Settings
from vmps.models import Cause, Connection, School
from vmps.powerschool import AttendanceCode, BadAddress, Deadline, PowerSchoolError
from vmps.services.explain import explain_cause
from vmps.services.link import make_client
from vmps.services.page_calls import place_for_call
from vmps.services.problems import Problem
from vmps.services.reaction import react
from vmps.services.schools import today_at

KEPT = timedelta(minutes=10)

#: What a person has to mend; anything else passes by itself.
_LASTING = {
    Cause.CREDENTIALS_REFUSED,
    Cause.TLS_REFUSED,
    Cause.ADDRESS_REFUSED,
    Cause.FIELDS_NOT_GRANTED,
}
_AGAIN = "Try again in a minute. A code can also be typed without looking it up."


@dataclass(frozen=True, slots=True)
class SchoolCodes:
    """A school's codes this year, in order, without the blank one."""

    codes: Sequence[AttendanceCode]
    at: datetime

    def describe(self, text: str) -> str:
        """Return what a code is, or that PowerSchool lacks it; case matters."""
        near = [c for c in self.codes if c.code.casefold() == text.casefold()]
        for code in near:
            if code.code == text:
                presence = f" ({code.presence})" if code.presence else ""
                return f"{code.description}{presence}".strip()
        has = f", but {near[0].code}" if near else ""
        return f"PowerSchool has no code {text} at this school this year{has}."


@dataclass(frozen=True, slots=True)
class _Key:
    """A saved connection has other codes, and so has another day's school year."""

    district_id: int
    school_number: str
    saved_at: datetime
    day: date


class CodeBook:
    """What was looked up lately, by this process and for one school each."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[_Key, SchoolCodes] = {}

    def known(self, school: School, *, now: datetime) -> SchoolCodes | None:
        """Return the codes if they were looked up minutes ago; asks nobody."""
        connection = _connection(school)
        if connection is None:
            return None
        found = self._known.get(_key(school, connection, now))
        return found if found and now - found.at < KEPT else None

    def look_up(self, school: School, *, now: datetime) -> SchoolCodes:
        """Ask PowerSchool; a Problem says in plain words why it cannot tell."""
        connection = _connection(school)
        if connection is None:
            raise Problem(
                f"{school.district.name} is not connected to PowerSchool yet.",
                details=["A District Admin saves the PowerSchool connection."],
            )
        with place_for_call():
            codes = self._ask(school, connection, now)
        found = SchoolCodes(codes, now)
        fresh = {k: v for k, v in self._known.items() if now - v.at < KEPT}
        self._known = fresh | {_key(school, connection, now): found}
        return found

    def _ask(
        self, school: School, connection: Connection, now: datetime
    ) -> list[AttendanceCode]:
        deadline = Deadline.after(self._settings.call_seconds)
        try:
            with make_client(connection, self._settings) as client:
                codes = client.attendance_codes(
                    int(school.number), today_at(school, now), deadline=deadline
                )
        except BadAddress as error:
            raise _plain(Cause.ADDRESS_REFUSED, "") from error
        except PowerSchoolError as error:
            reaction = react(error, is_write=False)
            raise _plain(reaction.cause, reaction.detail) from error
        named = [code for code in codes if code.code]
        if not named:
            raise Problem(
                f"PowerSchool has no attendance codes for school {school.number} this"
                " year.",
                details=["Check the school's number, and its codes in PowerSchool."],
            )
        return sorted(named, key=lambda code: (code.code.casefold(), code.code))


def _connection(school: School) -> Connection | None:
    found: Connection | None = Connection.get_or_none(
        Connection.district == school.district_id
    )
    return found


def _key(school: School, connection: Connection, now: datetime) -> _Key:
    return _Key(
        school.district_id,
        school.number,
        connection.saved_at,
        today_at(school, now),
    )


def _plain(cause: Cause, detail: str) -> Problem:
    explanation = explain_cause(cause, detail)
    fix = explanation.fix if cause in _LASTING else _AGAIN
    return Problem(explanation.text, details=[fix])
