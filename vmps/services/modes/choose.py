"""Which way of delivering an attendance mode has."""

from __future__ import annotations

from datetime import date

from vmps.models import AttendanceMode
from vmps.services.modes.daily import DailyMode
from vmps.services.modes.meeting import MeetingMode
from vmps.services.modes.mode import Mode
from vmps.services.modes.time import TimeMode
from vmps.services.workload import Unit

Group = tuple[Mode, date, int | None]

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


def group_of(unit: Unit) -> Group:
    """Return what units are read, and read back, together by.

    Those of one mode and day, and of one school where reading takes a call for each.
    """
    mode = mode_of(unit.school.mode)
    return mode, unit.day, unit.school.id if mode.reads_alone else None
