"""What admins should know of the turn of the school year at their schools."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vmps.models import School
from vmps.services.list_codes import ListedCodes, list_codes_of
from vmps.services.school_years import last_day, year_at


@dataclass(frozen=True, slots=True)
class YearNotice:
    """The schools that need a look; `ends_on` is set within 30 days of the end."""

    ends_on: date | None
    #: Mapped codes do not exist this year.
    unmatched: Sequence[School]
    #: A new year has begun, PowerSchool's codes of it are not here yet.
    behind: Sequence[School]
    #: Within the 30 days: the next year was not looked at, or lacks mapped codes.
    unprepared: Sequence[School]


def find_year_notice(schools: Iterable[School], *, now: datetime) -> YearNotice | None:
    """Return what there is to tell of these schools, None for nothing.

    Of those that are enabled and had codes imported once; of others nothing is known.
    """
    known = [s for s in schools if s.is_enabled and s.codes_year_id is not None]
    listed = list_codes_of(known, now=now) if known else []
    ending = [one for one in listed if one.is_ending]
    notice = YearNotice(
        ends_on=last_day(year_at(ending[0].school, now)) if ending else None,
        unmatched=[one.school for one in listed if one.unmatched],
        behind=[one.school for one in listed if one.is_behind],
        unprepared=[one.school for one in ending if _is_unprepared(one)],
    )
    anything = (notice.unmatched, notice.behind, notice.unprepared)
    return notice if any(anything) else None


def _is_unprepared(one: ListedCodes) -> bool:
    return one.mapped > 0 and (one.next_unmatched is None or bool(one.next_unmatched))
