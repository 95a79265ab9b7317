"""Reading what a school does with its attendance codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vmps.models import Reason, School
from vmps.services.map_codes import CodeUse, uses_of
from vmps.services.school_codes import SchoolCodes, YearState, find_codes, look_at_year


@dataclass(frozen=True, slots=True)
class CodesView:
    """A school's codes, how each is used, and where the school year stands."""

    codes: SchoolCodes | None
    uses: Mapping[str, CodeUse]
    #: The names of the offered reasons that carry each code.
    labels: Mapping[str, Sequence[str]]
    year: YearState


def read_codes(school: School, *, now: datetime) -> CodesView:
    """Return what the page of a school's codes shows."""
    reasons = list(Reason.of_school(school))
    labels: dict[str, list[str]] = {}
    for reason in reasons:
        if reason.code and not reason.is_hidden:
            labels.setdefault(reason.code, []).append(reason.label)
    return CodesView(
        codes=find_codes(school, now=now),
        uses=uses_of(school, reasons),
        labels=labels,
        year=look_at_year(school, now=now),
    )
