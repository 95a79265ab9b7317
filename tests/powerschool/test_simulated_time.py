"""Time mode against the simulator: several rows a day, each updated by its dcid."""

from dataclasses import replace

import pytest

from vmps.powerschool import (
    AttendanceMode,
    AttendanceRecord,
    AttendanceRow,
    Deadline,
    PowerSchool,
    Rejected,
    WriteResult,
)
from vmps.simulator.control import Simulator

from .simulated import ON, SCHOOL, SEED, codes_of

STUDENT = int(SEED["students"][0]["id"])


@pytest.fixture
def morning(plugin: PowerSchool) -> AttendanceRecord:
    """45 minutes of a student who has no row yet."""
    code = codes_of(plugin)["T"]
    return AttendanceRecord(
        student_id=STUDENT,
        school_number=SCHOOL,
        year_id=code.year_id,
        on=ON,
        mode=AttendanceMode.TIME,
        code_id=code.id,
        comment="Late",
        total_minutes=45,
    )


def read(client: PowerSchool, mode: AttendanceMode | None) -> list[AttendanceRow]:
    return client.attendance(SCHOOL, ON, mode, deadline=Deadline.after(5))


def write(client: PowerSchool, record: AttendanceRecord) -> WriteResult:
    return client.write_daily(record, deadline=Deadline.after(5))


def test_a_record_without_dcid_adds_a_row(
    plugin: PowerSchool, morning: AttendanceRecord
) -> None:
    first = write(plugin, morning)
    second = write(plugin, replace(morning, total_minutes=30))
    assert {first.action, second.action} == {"INSERT"}
    rows = read(plugin, AttendanceMode.TIME)
    assert [(row.dcid, row.total_minutes) for row in rows] == [
        (first.dcid, 45),
        (second.dcid, 30),
    ]


def test_a_record_with_dcid_updates_that_row_and_no_other(
    plugin: PowerSchool, morning: AttendanceRecord
) -> None:
    write(plugin, morning)
    second = write(plugin, morning)
    update = replace(morning, dcid=second.dcid, total_minutes=0, comment=None)
    assert write(plugin, update) == WriteResult("UPDATE", second.dcid)
    rows = read(plugin, AttendanceMode.TIME)
    assert [row.total_minutes for row in rows] == [45, 0]
    assert [row.comment for row in rows] == ["Late", "Late"]


def test_a_batch_takes_time_records_with_and_without_dcid(
    plugin: PowerSchool, morning: AttendanceRecord, soon: Deadline
) -> None:
    first = write(plugin, morning)
    records = [replace(morning, dcid=first.dcid, total_minutes=50), morning]
    outcomes = plugin.write_daily_batch(records, deadline=soon)
    assert [o.action for o in outcomes if isinstance(o, WriteResult)] == [
        "UPDATE",
        "INSERT",
    ]
    minutes = [row.total_minutes for row in read(plugin, AttendanceMode.TIME)]
    assert minutes == [50, 45]


def test_a_dcid_that_is_not_there_is_refused(
    plugin: PowerSchool, morning: AttendanceRecord, simulator: Simulator
) -> None:
    with pytest.raises(Rejected):
        write(plugin, replace(morning, dcid=999_999))
    assert simulator.attendance() == []


def test_rows_of_all_modes_come_together_with_their_mode(
    plugin: PowerSchool, morning: AttendanceRecord
) -> None:
    write(plugin, morning)
    write(plugin, replace(morning, mode=AttendanceMode.DAILY, total_minutes=None))
    modes = [row.mode for row in read(plugin, None)]
    assert modes == [AttendanceMode.TIME, AttendanceMode.DAILY]
    (daily,) = read(plugin, AttendanceMode.DAILY)
    assert daily.mode is AttendanceMode.DAILY
