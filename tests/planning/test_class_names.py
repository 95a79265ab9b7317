"""What a class is called on Preview and Reconciliation, with its times once."""

from __future__ import annotations

import pytest

from vmps.powerschool import AttendanceMode, Meeting
from vmps.services.modes.meeting import MeetingMode, slot_of
from vmps.services.modes.mode import Held
from vmps.services.planning.day import Write

TEN, ELEVEN = 10 * 3600, 11 * 3600


@pytest.mark.parametrize(
    ("period", "name"),
    [
        ("", "The class from 10:00 AM to 11:00 AM"),
        ("3(A)", "3(A), 10:00 AM to 11:00 AM"),
        ("homeroom", "Homeroom, 10:00 AM to 11:00 AM"),
    ],
)
def test_a_class_is_told_by_its_name_and_its_times(period: str, name: str) -> None:
    meeting = Meeting(
        cc_id=61,
        period_id=31,
        mode=AttendanceMode.MEETING,
        interval=None,
        starts=TEN,
        ends=ELEVEN,
        period=period,
        code_id=None,
        comment=None,
        comment_is_known=True,
    )
    held, write = Held({}, meetings=[meeting]), Write("T", None, slot_of(meeting))
    assert MeetingMode().name_place(held, write) == name
