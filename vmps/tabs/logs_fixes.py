"""Where each cause is fixed that a writeback failed or waits for, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask import url_for

from vmps.models import Cause, User


class Place(StrEnum):
    """A page on which something is fixed, by its endpoint."""

    SETTINGS = "settings.index"
    SCHOOLS = "schools.index"
    TRACKING = "tracking.index"
    CODES = "tracking.show_codes"

    @property
    def label(self) -> str:
        """Return the page's name as its link shows it."""
        return {
            Place.SETTINGS: "Settings",
            Place.SCHOOLS: "School Building Setup",
            Place.TRACKING: "Student Tracking",
            Place.CODES: "Attendance Codes",
        }[self]


@dataclass(frozen=True, slots=True)
class FixLink:
    """Where to go; without an address, whom to ask."""

    label: str
    url: str = ""


_HERE = None  # nobody has to do anything, or in PowerSchool itself

PLACES: dict[Cause, Place | None] = {
    Cause.ALREADY_THERE: _HERE,
    Cause.COVERED: _HERE,
    Cause.VOIDED: _HERE,
    Cause.NETWORK: _HERE,
    Cause.TIMED_OUT: _HERE,
    Cause.SERVER_ERROR: _HERE,
    Cause.MALFORMED_ANSWER: Place.SETTINGS,
    Cause.INTERRUPTED: _HERE,
    Cause.READ_BACK_DIFFERS: _HERE,
    Cause.INTERNAL_ERROR: _HERE,
    Cause.SETTLING: _HERE,
    Cause.THROTTLED: _HERE,
    Cause.CREDENTIALS_REFUSED: Place.SETTINGS,
    Cause.TLS_REFUSED: Place.SETTINGS,
    Cause.ADDRESS_REFUSED: Place.SETTINGS,
    Cause.FIELDS_NOT_GRANTED: Place.SETTINGS,
    Cause.NO_CONNECTION: Place.SETTINGS,
    Cause.NO_MODE: Place.SCHOOLS,
    Cause.UNMAPPED_REASON: Place.TRACKING,
    Cause.CODE_MISSING: Place.TRACKING,
    Cause.WRONG_STUDENT: Place.SETTINGS,
    Cause.STUDENT_NOT_FOUND: Place.SETTINGS,
    Cause.ALREADY_MARKED: Place.CODES,
    Cause.NOT_IN_SESSION: _HERE,
    Cause.NOT_ENROLLED: _HERE,
    Cause.MOVED: _HERE,
    Cause.NO_MEETING: _HERE,
    Cause.OUTSIDE_DAY: _HERE,
    Cause.NO_BELL_TIMES: _HERE,
    Cause.REFUSED: _HERE,
    Cause.GAVE_UP: Place.SETTINGS,
    Cause.SCHOOL_DISABLED: Place.SCHOOLS,
    Cause.ENTERED_BY_HAND: _HERE,
}


def fix_link(cause: Cause | None, user: User, school_id: int) -> FixLink | None:
    """Return where this user has the cause fixed; None where no page of ours helps."""
    place = PLACES[cause] if cause else None
    if place is None:
        return None
    if place is Place.SETTINGS and not user.is_district_admin:
        return FixLink("Ask a District Admin: only they can open Settings.")
    if place is Place.TRACKING:
        return FixLink(place.label, url_for(place, school=school_id))
    if place is Place.CODES:
        url = url_for(place, school_id=school_id, _anchor="codes-existing")
        return FixLink(place.label, url)
    return FixLink(place.label, url_for(place))
