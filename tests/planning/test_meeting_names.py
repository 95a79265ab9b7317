"""What people call the place of a write in Meeting mode."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vmps.powerschool import AttendanceMode, Meeting
from vmps.services.modes.meeting import MeetingMode, slot_of
from vmps.services.modes.mode import Held
from vmps.services.planning.day import Write

MEETING = Meeting(
    cc_id=7,
    period_id=1,
    mode=AttendanceMode.MEETING,
    interval=None,
    starts=8 * 3600,
    ends=8 * 3600 + 55 * 60,
    period="",
    code_id=None,
    comment=None,
    comment_is_known=True,
)


def test_an_interval_that_stands_for_all_is_named_without_their_times() -> None:
    meeting = replace(MEETING, period="P1", interval=1, stands_for_all=True)
    held = Held({}, meetings=[meeting])
    name = MeetingMode().name_place(held, Write("T", None, slot_of(meeting)))
    assert name == "P1, its first interval"


@pytest.mark.parametrize(
    ("period", "name"),
    [
        ("", "The class from 8:00 AM to 8:55 AM"),
        ("P1", "P1, 8:00 AM to 8:55 AM"),
    ],
)
def test_a_class_is_named_by_its_period_and_its_times(period: str, name: str) -> None:
    meeting = replace(MEETING, period=period)
    held = Held({}, meetings=[replace(MEETING, cc_id=8), meeting])
    assert MeetingMode().name_place(held, Write("T", None, slot_of(meeting))) == name
