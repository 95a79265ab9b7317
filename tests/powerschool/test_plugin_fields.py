"""The access request: known fields, each once, each for a reason."""

from __future__ import annotations

from collections import Counter

import pytest

from vmps.powerschool import FieldGrant
from vmps.powerschool.bells import ITEM_COLUMNS
from vmps.powerschool.plugin import ACCESS_REQUEST, Use, uses_of
from vmps.powerschool.rows import (
    CALENDAR_COLUMNS,
    CODE_COLUMNS,
    MODE_CODES,
    SCHEDULE_COLUMNS,
    STUDENT_COLUMNS,
    attendance_columns,
)
from vmps.simulator.columns import TABLES

GRANTS = [requested.grant for requested in ACCESS_REQUEST]
LONGEST_NAME = 30


def test_powerschool_has_every_table_and_column() -> None:
    """One unknown name, and PowerSchool enables nothing of the plugin."""
    unknown = [
        f"{grant.table}.{grant.field}"
        for grant in GRANTS
        if grant.table.lower() not in TABLES
        or grant.field.lower() not in TABLES[grant.table.lower()].columns
    ]
    assert unknown == []


def test_no_field_is_asked_for_twice() -> None:
    counts = Counter((grant.table.lower(), grant.field.lower()) for grant in GRANTS)
    assert [field for field, count in counts.items() if count > 1] == []


def test_names_are_short_and_access_is_one_of_two() -> None:
    assert max(len(g.table) for g in GRANTS) <= LONGEST_NAME
    assert max(len(g.field) for g in GRANTS) <= LONGEST_NAME
    assert {grant.access for grant in GRANTS} == {"ViewOnly", "FullAccess"}


def test_nothing_but_attendance_is_written() -> None:
    written = {grant.table for grant in GRANTS if grant.access == "FullAccess"}
    assert written == {"ATTENDANCE"}


def test_everything_is_asked_for_a_reason_and_every_reason_has_fields() -> None:
    assert all(requested.uses for requested in ACCESS_REQUEST)
    assert {use for requested in ACCESS_REQUEST for use in requested.uses} == {*Use}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("students", STUDENT_COLUMNS),
        ("calendar_day", CALENDAR_COLUMNS + SCHEDULE_COLUMNS),
        ("bell_schedule_items", ITEM_COLUMNS),
        ("attendance_code", CODE_COLUMNS),
        *(("attendance", attendance_columns(m, has_comment=True)) for m in MODE_CODES),
    ],
)
def test_what_the_client_reads_is_asked_for(
    table: str, columns: tuple[str, ...]
) -> None:
    asked = {g.field.lower() for g in GRANTS if g.table.lower() == table}
    assert set(columns) - asked == set()


def uses(*fields: str) -> tuple[Use, ...]:
    named = [field.split(".") for field in fields]
    return uses_of(FieldGrant(table, name, "ViewOnly") for table, name in named)


@pytest.mark.parametrize(
    ("fields", "stopped"),
    [
        ([], ()),
        (["ATTENDANCE.TOTAL_MINUTES"], (Use.TIME,)),
        (["Attendance.Total_Minutes"], (Use.TIME,)),
        (["ATTENDANCE.PERIODID", "ATTENDANCE.CCID"], (Use.MEETING,)),
        (["ATTENDANCE.ATT_COMMENT"], (Use.COMMENTS,)),
        (["STUDENTS.ID"], (Use.DAILY, Use.TIME, Use.MEETING)),
        (["CC.ID", "ATTENDANCE.TOTAL_MINUTES"], (Use.TIME, Use.MEETING)),
        (["PREFS.VALUE"], (Use.MODE_CHECK,)),
        (["BELL_SCHEDULE_ITEMS.START_TIME"], (Use.TIME, Use.MEETING, Use.HALF_DAYS)),
        (
            ["Calendar_Day.Date"],
            (Use.DAILY, Use.TIME, Use.MEETING, Use.HALF_DAYS),
        ),
        (["TEACHERS.ID"], ()),
    ],
)
def test_what_stops_without_a_field(
    fields: list[str], stopped: tuple[Use, ...]
) -> None:
    assert uses(*fields) == stopped
