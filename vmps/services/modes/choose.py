"""Which way of delivering an attendance mode has."""

from __future__ import annotations

from vmps.models import AttendanceMode
from vmps.services.modes.daily import DailyMode
from vmps.services.modes.meeting import MeetingMode
from vmps.services.modes.mode import Mode
from vmps.services.modes.time import TimeMode

_DAILY = DailyMode()
_MODES: dict[AttendanceMode | None, Mode] = {
    AttendanceMode.DAILY: _DAILY,
    AttendanceMode.TIME: TimeMode(),
    AttendanceMode.MEETING: MeetingMode(),
}


def mode_of(mode: AttendanceMode | None) -> Mode:
    """Return how a school's mode is delivered; one without a mode is read as Daily.

    Its events are refused, but an ambiguous one is looked for first.
    """
    return _MODES.get(mode, _DAILY)
