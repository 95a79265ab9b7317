"""Preferences of a school, and which modes its rows have lately."""

from datetime import date

import pytest
import responses

from vmps.powerschool import AttendanceMode, Deadline, PowerSchool

from .conftest import BASE
from .test_reads import asked, table

PREFS = f"{BASE}/ws/schema/table/prefs"
ATTENDANCE = f"{BASE}/ws/schema/table/attendance"


def test_preferences_about_attendance_come_by_name(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    meeting = {"name": "ATT_RecordModeMeeting", "value": "1", "schoolid": "1817"}
    server.get(PREFS, json=table("prefs", meeting, {"name": "ATT_RecordModeDaily"}))
    found = powerschool.preferences(1817, 36, deadline=soon)
    assert found == {"ATT_RecordModeMeeting": "1", "ATT_RecordModeDaily": ""}
    assert asked(server)["q"] == "schoolid==1817;yearid==36;name==ATT_*"


def test_all_preferences_can_be_asked_for(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(PREFS, json=table("prefs"))
    assert powerschool.preferences(1817, 36, prefix="", deadline=soon) == {}
    assert asked(server)["q"] == "schoolid==1817;yearid==36"


def test_a_prefix_is_no_way_to_a_wildcard_or_a_second_condition(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    with pytest.raises(ValueError, match="query"):
        powerschool.preferences(1817, 36, prefix="*;value==", deadline=soon)
    assert len(server.calls) == 0


def test_recent_rows_tell_their_modes_in_one_call(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    rows = [
        {"studentid": "77", "att_mode_code": code}
        for code in ("ATT_ModeDaily", "ATT_ModeMeeting", "ATT_ModeNew")
    ]
    server.get(ATTENDANCE, json=table("attendance", *rows))
    since = date(2026, 9, 10)
    found = powerschool.recent_attendance(1817, since, deadline=soon, page_size=3)
    modes = [row.mode for row in found]
    assert modes == [AttendanceMode.DAILY, AttendanceMode.MEETING, None]
    assert asked(server)["q"] == "schoolid==1817;att_date=ge=2026-09-10"
    assert asked(server)["projection"] == "studentid,att_mode_code"
    assert len(server.calls) == 2  # with the token's
