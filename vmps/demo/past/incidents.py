"""What went wrong with a try of the past: the client's errors and what they lead to."""

from __future__ import annotations

import json
from dataclasses import dataclass

from vmps.powerschool import (
    ConnectionLost,
    NotSent,
    PowerSchoolError,
    TimedOut,
)
from vmps.powerschool.answers import error_of
from vmps.powerschool.transport import Answer
from vmps.services.reaction import Reaction, react


@dataclass(frozen=True, slots=True)
class Incident:
    """One error of a read or of the write, and how long it took to come."""

    reaction: Reaction
    is_write: bool
    seconds: float
    #: PowerSchool wrote, though its answer did not come.
    has_landed: bool = False


def _read(error: PowerSchoolError, seconds: float) -> Incident:
    return Incident(react(error, is_write=False), is_write=False, seconds=seconds)


def _write(
    error: PowerSchoolError, seconds: float, *, has_landed: bool = False
) -> Incident:
    return Incident(react(error, is_write=True), True, seconds, has_landed)


def _answer(status: int, **body: object) -> PowerSchoolError:
    return error_of(Answer(status, {}, json.dumps(body).encode()))


UNREACHABLE = _read(NotSent("No connection to PowerSchool."), 3.0)
SERVER_ERROR = _read(_answer(500, message="Internal Server Error"), 0.3)
TIMED_OUT = _write(TimedOut("No answer in time."), 10.0, has_landed=True)
LOST = _write(ConnectionLost("The connection broke."), 0.8)
THROTTLED = _write(
    _answer(429, message="Too many requests. Please wait 2 seconds and try again."),
    0.1,
)
REFUSED = _write(
    _answer(
        400,
        message="The attendance record is not valid",
        errors=[
            {"resource": "ATTENDANCE", "field": "ATT_COMMENT", "code": "InvalidValue"}
        ],
    ),
    0.2,
)

#: How likely each is for one event's first try.
CHANCES = (
    (SERVER_ERROR, 0.012),
    (TIMED_OUT, 0.006),
    (LOST, 0.004),
    (THROTTLED, 0.01),
    (REFUSED, 0.003),
)
