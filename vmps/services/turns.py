"""Whose turn it is when something failed: who can fix it, and who reads that."""

from __future__ import annotations

from enum import StrEnum

from vmps.models import Cause


class Turn(StrEnum):
    """Who has to do something."""

    NOBODY = "nobody"
    ADMIN = "an admin of the school"
    DISTRICT_ADMIN = "a District Admin"
    POWERSCHOOL = "a PowerSchool administrator"
    OPERATOR = "whoever runs this server"
    KIOSK = "whoever runs the kiosk"
    ONESELF = "the person who reads it"


TURNS: dict[Cause, tuple[Turn, ...]] = {
    Cause.ALREADY_THERE: (Turn.NOBODY,),
    Cause.COVERED: (Turn.NOBODY,),
    Cause.VOIDED: (Turn.NOBODY,),
    Cause.NETWORK: (Turn.NOBODY,),
    Cause.TIMED_OUT: (Turn.NOBODY,),
    Cause.SERVER_ERROR: (Turn.NOBODY,),
    Cause.MALFORMED_ANSWER: (Turn.NOBODY, Turn.DISTRICT_ADMIN),
    Cause.INTERRUPTED: (Turn.NOBODY,),
    Cause.READ_BACK_DIFFERS: (Turn.NOBODY,),
    Cause.INTERNAL_ERROR: (Turn.NOBODY, Turn.OPERATOR),
    Cause.SETTLING: (Turn.NOBODY,),
    Cause.THROTTLED: (Turn.NOBODY,),
    Cause.CREDENTIALS_REFUSED: (Turn.POWERSCHOOL, Turn.DISTRICT_ADMIN),
    Cause.TLS_REFUSED: (Turn.POWERSCHOOL,),
    Cause.ADDRESS_REFUSED: (Turn.DISTRICT_ADMIN,),
    Cause.FIELDS_NOT_GRANTED: (Turn.POWERSCHOOL,),
    Cause.NO_CONNECTION: (Turn.DISTRICT_ADMIN,),
    Cause.NO_MODE: (Turn.ADMIN,),
    Cause.UNMAPPED_REASON: (Turn.ADMIN,),
    Cause.CODE_MISSING: (Turn.ADMIN, Turn.POWERSCHOOL),
    Cause.WRONG_STUDENT: (Turn.DISTRICT_ADMIN, Turn.OPERATOR),
    Cause.STUDENT_NOT_FOUND: (Turn.DISTRICT_ADMIN, Turn.OPERATOR),
    Cause.ALREADY_MARKED: (Turn.ADMIN,),
    Cause.NOT_IN_SESSION: (Turn.POWERSCHOOL,),
    Cause.NOT_ENROLLED: (Turn.POWERSCHOOL,),
    Cause.MOVED: (Turn.POWERSCHOOL,),
    Cause.NO_MEETING: (Turn.ADMIN, Turn.POWERSCHOOL),
    Cause.OUTSIDE_DAY: (Turn.ADMIN, Turn.POWERSCHOOL),
    Cause.NO_BELL_TIMES: (Turn.POWERSCHOOL,),
    Cause.REFUSED: (Turn.ADMIN,),
    Cause.GAVE_UP: (Turn.ADMIN,),
    Cause.SCHOOL_DISABLED: (Turn.ADMIN,),
    Cause.ENTERED_BY_HAND: (Turn.NOBODY,),
}


def whose_turn(cause: Cause) -> str:
    """Return who has to do something, in words; `nobody` comes with who else may."""
    first, *others = TURNS[cause]
    if first is Turn.NOBODY and others:
        return f"nobody; if it lasts, {' and '.join(others)}"
    return " and ".join(TURNS[cause])
