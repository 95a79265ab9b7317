"""Metadata, calendar and students as our records, with the requests they take."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from vmps.powerschool import (
    CalendarDay,
    Deadline,
    MalformedAnswer,
    Metadata,
    PowerSchool,
    StudentRecord,
)

from .conftest import BASE

STUDENTS = f"{BASE}/ws/schema/table/students"
CALENDAR = f"{BASE}/ws/schema/table/calendar_day"
MARIA = {
    "id": "77",
    "dcid": "1077",
    "student_number": "104822",
    "first_name": "Maria",
    "last_name": "Lopez",
    "grade_level": "-1",
    "schoolid": "1817",
    "enroll_status": "0",
    "entrydate": "2026-08-20",
}


def table(name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    records = [
        {"id": number, "name": name, "tables": {name: row}}
        for number, row in enumerate(rows, 1)
    ]
    return {"name": name, "record": records, "@extensions": ""}


def asked(server: responses.RequestsMock) -> dict[str, str]:
    query = parse_qs(urlsplit(str(server.calls[-1].request.url)).query)
    return {name: values[0] for name, values in query.items()}


def test_metadata_says_what_the_server_is(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    told = {
        "powerschool_version": "25.3.0.1.251234",
        "plugin_id": "42",
        "district_timezone": "America/Chicago",
        "schema_table_query_max_page_size": "1000",
        "student_max_page_size": 100,
    }
    server.get(f"{BASE}/ws/v1/metadata", json={"metadata": told})
    metadata = powerschool.metadata(deadline=soon)
    assert metadata.plugin_id == 42
    assert metadata.timezone == "America/Chicago"
    assert metadata.table_page_size == 1000
    assert metadata.supports_batch


@pytest.mark.parametrize(
    ("version", "supports"),
    [
        ("25.3", True),
        ("25.3.0.0", True),
        ("25.10.1", True),
        ("26.1", True),
        ("25.2.9.9", False),
        ("9.0.0", False),
        ("25", False),
        ("", False),
        ("x.y", False),
        (None, False),
    ],
)
def test_batches_exist_from_25_3_on(version: str | None, supports: bool) -> None:
    metadata = Metadata(version, None, None, None, None, None, None)
    assert metadata.supports_batch is supports


def test_the_calendar_day_is_found_by_school_and_date(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(CALENDAR, json=table("calendar_day", {"id": "9", "insession": "1"}))
    day = powerschool.calendar_day(1817, date(2026, 9, 14), deadline=soon)
    assert day == CalendarDay(9, in_session=True)
    assert asked(server)["q"] == "schoolid==1817;date_value==2026-09-14"


def test_a_date_outside_the_calendar_is_none(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(CALENDAR, json={"name": "calendar_day"})
    assert powerschool.calendar_day(1817, date(2026, 7, 4), deadline=soon) is None


def test_a_student_becomes_our_record(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(STUDENTS, json=table("students", MARIA))
    (student,) = powerschool.students(dcid=1077, deadline=soon)
    assert student == StudentRecord(
        id=77,
        dcid=1077,
        student_number="104822",
        first_name="Maria",
        last_name="Lopez",
        grade_level=-1,
        school_number=1817,
        enroll_status=0,
        entry_date=date(2026, 8, 20),
        exit_date=None,
    )


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        ({"id": 77}, "id==77"),
        ({"dcid": 1077}, "dcid==1077"),
        ({"student_number": "104822"}, "student_number==104822"),
        ({"school_number": 1817, "id": 77}, "schoolid==1817;id==77"),
        ({}, None),
    ],
)
def test_students_are_found_by_what_is_known(
    *,
    wanted: dict[str, Any],
    query: str | None,
    server: responses.RequestsMock,
    powerschool: PowerSchool,
    soon: Deadline,
) -> None:
    server.get(STUDENTS, json=table("students"))
    assert powerschool.students(**wanted, deadline=soon) == []
    assert asked(server).get("q") == query


@pytest.mark.parametrize("number", ["1*", "1;id==5", "A-17", "", "١٢"])
def test_a_student_number_cannot_widen_the_search(
    number: str, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    soon = Deadline.after(5)
    assert powerschool.students(student_number=number, deadline=soon) == []
    assert len(server.calls) == 0


def test_pages_are_read_until_a_short_one(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    for size in (2, 2, 1):
        server.get(STUDENTS, json=table("students", *[MARIA] * size))
    students = powerschool.students(school_number=1817, page_size=2, deadline=soon)
    assert len(students) == 5
    assert asked(server)["page"] == "3"
    assert asked(server)["pagesize"] == "2"


def test_one_page_can_be_read_alone(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(STUDENTS, json=table("students", MARIA))
    assert len(powerschool.students_page(7, deadline=soon)) == 1
    assert asked(server)["page"] == "7"


def test_a_student_without_an_id_is_malformed(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(STUDENTS, json=table("students", {"dcid": "1077"}))
    with pytest.raises(MalformedAnswer):
        powerschool.students(deadline=soon)
