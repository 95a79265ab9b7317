"""Bell times of a school on a date, and the calendar day that leads to them."""

from datetime import timedelta
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    BellTime,
    CalendarDay,
    Deadline,
    FieldsNotGranted,
    NetworkPolicy,
    NotFound,
    PowerSchool,
    Rejected,
    ServerError,
)

from .conftest import BASE, CREDENTIALS
from .test_reads import asked, table
from .timetable import EIGHT, NINE, ON, TABLES, TEN, calls, queries, serve

FIRST = BellTime(31, EIGHT, NINE, "P1")
SECOND = BellTime(32, NINE, TEN, "2")


def read(client: PowerSchool, **options: Any) -> list[BellTime]:
    return client.bell_times(1817, ON, deadline=Deadline.after(5), **options)


def test_periods_come_in_order_of_time_with_their_names(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server)
    assert read(powerschool) == [FIRST, SECOND]
    assert calls(server) == ["calendar_day", "bell_schedule_items", "period"]


def test_who_needs_no_names_reads_no_periods(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server)
    unnamed = read(powerschool, with_names=False)
    assert [time.period for time in unnamed] == ["", ""]
    assert calls(server) == ["calendar_day", "bell_schedule_items"]


def test_a_calendar_day_with_its_schedule_is_not_read_again(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    serve(server)
    powerschool.calendar_day(1817, ON, deadline=soon, with_schedule=True)
    assert read(powerschool) == [FIRST, SECOND]
    assert calls(server) == ["calendar_day", "bell_schedule_items", "period"]


def test_a_school_s_bells_are_read_once_an_hour(server: responses.RequestsMock) -> None:
    serve(server)
    now = 1000.0
    network = NetworkPolicy()
    with PowerSchool(
        BASE, CREDENTIALS, network=network, monotonic=lambda: now
    ) as client:
        read(client)
        now += 3599
        read(client)
        assert len(calls(server)) == 3
        now += 2
        read(client)
    assert len(calls(server)) == 6


def test_a_half_day_has_the_times_of_its_own_schedule(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    serve(server)
    read(powerschool)
    half = {**TABLES["calendar_day"][0], "bell_schedule_id": "4"}
    short = {"period_id": "31", "start_time": str(EIGHT), "end_time": str(EIGHT + 60)}
    for name, row in (("calendar_day", half), ("bell_schedule_items", short)):
        server.replace("GET", f"{BASE}/ws/schema/table/{name}", json=table(name, row))
    times = powerschool.bell_times(1817, ON + timedelta(days=1), deadline=soon)
    assert [(time.starts, time.ends) for time in times] == [(EIGHT, EIGHT + 60)]
    assert queries(server)["bell_schedule_items"] == "bell_schedule_id==4"


@pytest.mark.parametrize(
    "row", [{"id": "9", "insession": "0", "bell_schedule_id": "3"}, {"id": "9"}]
)
def test_a_day_without_school_has_no_bells(
    row: dict[str, str], server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, calendar_day=[row])
    assert read(powerschool) == []
    assert calls(server) == ["calendar_day"]


@pytest.mark.parametrize(
    "item",
    [
        {"start_time": "28800", "end_time": "32400"},
        {"period_id": "33", "end_time": "32400"},
        {"period_id": "33", "start_time": "0", "end_time": "0"},
    ],
)
def test_a_period_without_times_is_left_out(
    item: dict[str, str], server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, bell_schedule_items=[*TABLES["bell_schedule_items"], item])
    assert read(powerschool) == [FIRST, SECOND]


def test_a_period_that_is_not_there_has_no_name(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve(server, period=[])
    assert [time.period for time in read(powerschool)] == ["", ""]


def test_a_calendar_day_tells_its_schedule_only_when_asked(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    serve(server)
    powerschool.calendar_day(1817, ON, deadline=soon)
    assert asked(server)["projection"] == "id,insession"
    day = powerschool.calendar_day(1817, ON, deadline=soon, with_schedule=True)
    assert day == CalendarDay(9, in_session=True, bell_schedule_id=3, cycle_day_id=21)
    columns = "id,insession,bell_schedule_id,cycle_day_id"
    assert asked(server)["projection"] == columns


@pytest.mark.parametrize("name", ["calendar_day", "bell_schedule_items"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, FieldsNotGranted),
        (404, NotFound),
        (400, Rejected),
        (500, ServerError),
    ],
)
def test_refused_bells_are_an_error_only_where_they_are_needed(
    server: responses.RequestsMock, name: str, status: int, kind: type[Exception]
) -> None:
    serve(server)
    now = 1000.0
    powerschool = PowerSchool(
        BASE, CREDENTIALS, network=NetworkPolicy(), monotonic=lambda: now
    )
    server.replace("GET", f"{BASE}/ws/schema/table/{name}", json={}, status=status)
    assert read(powerschool, is_needed=False) == []
    before = len(server.calls)
    assert read(powerschool, is_needed=False) == []
    assert len(server.calls) == before
    with pytest.raises(kind):
        read(powerschool)
    serve_anew = {"json": table(name, *TABLES[name])}
    server.replace("GET", f"{BASE}/ws/schema/table/{name}", **serve_anew)
    assert read(powerschool) == [FIRST, SECOND]
    now += 601
    assert read(powerschool, is_needed=False) == [FIRST, SECOND]
    powerschool.close()


def test_a_calendar_day_comes_without_a_schedule_that_may_not_be_read(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    url = f"{BASE}/ws/schema/table/calendar_day"
    schedule = responses.matchers.query_param_matcher(
        {"projection": "id,insession,bell_schedule_id,cycle_day_id"},
        strict_match=False,
    )
    server.get(url, json={}, status=403, match=[schedule])
    server.get(url, json=table("calendar_day", {"id": "9", "insession": "1"}))
    for _ in range(2):
        day = powerschool.calendar_day(1817, ON, deadline=soon, with_schedule=True)
        assert day == CalendarDay(9, in_session=True)
    assert calls(server) == ["calendar_day"] * 3


def test_a_calendar_day_that_may_not_be_read_at_all_is_an_error(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(f"{BASE}/ws/schema/table/calendar_day", json={}, status=403)
    for _ in range(2):
        with pytest.raises(FieldsNotGranted):
            powerschool.calendar_day(1817, ON, deadline=soon, with_schedule=True)
    assert len(calls(server)) == 4  # it was not about the bells
