"""What holds on a date for all schools: the same as each school's own answers."""

from datetime import date
from typing import Any

import pytest
import responses

from vmps.powerschool import Deadline, PowerSchool, TooManyPages
from vmps.simulator.control import Simulator

from .conftest import BASE
from .simulated import ON, SEED
from .test_reads import table

TABLES = f"{BASE}/ws/schema/table"
NUMBERS = [int(school["number"]) for school in SEED["schools"]]


@pytest.mark.parametrize("on", [ON, date(2027, 6, 30), date(2027, 7, 1)])
def test_schools_read_together_are_as_each_by_itself(
    plugin: PowerSchool, soon: Deadline, on: date
) -> None:
    found = plugin.school_days(on, deadline=soon, most_pages=3, with_schedule=True)
    assert sorted(found) == sorted(NUMBERS)
    for number, day in found.items():
        codes = plugin.attendance_codes(number, on, deadline=soon)
        assert {c.code: (c.id, c.presence, c.year_id) for c in day.codes} == {
            c.code: (c.id, c.presence, c.year_id) for c in codes
        }
        assert day.calendar == plugin.calendar_day(
            number, on, deadline=soon, with_schedule=True
        )


def test_a_few_calls_do_for_all_schools(
    plugin: PowerSchool, simulator: Simulator, soon: Deadline
) -> None:
    plugin.metadata(deadline=soon)  # the token is there
    simulator.reset_calls()
    plugin.school_days(ON, deadline=soon, most_pages=1)
    assert sum(simulator.calls().values()) == 3


def test_more_codes_than_wanted_are_refused(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(f"{TABLES}/terms", json=table("terms", year(1817, 36)))
    code = {"id": "1", "att_code": "T", "yearid": "36", "schoolid": "1817"}
    many = table("attendance_code", *[code] * 100)
    server.get(f"{TABLES}/attendance_code", json=many)
    with pytest.raises(TooManyPages):
        powerschool.school_days(ON, deadline=soon, most_pages=1)


def test_each_school_has_the_codes_of_its_own_year(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    years = year(1817, 36), year(1818, 37), year(1819, 36), year(1819, 37)
    server.get(f"{TABLES}/terms", json=table("terms", *years))
    for year_id in (36, 37):
        server.get(
            f"{TABLES}/attendance_code",
            json=table(
                "attendance_code", *(code_of(n, year_id) for n in range(1817, 1820))
            ),
        )
    server.get(f"{TABLES}/calendar_day", json=table("calendar_day"))
    found = powerschool.school_days(ON, deadline=soon, most_pages=1)
    # 1819 is in two years, so it is to be asked for by itself.
    assert {n: [c.id for c in day.codes] for n, day in found.items()} == {
        1817: [181736],
        1818: [181837],
    }
    assert found[1817].calendar is None


def year(number: int, year_id: int) -> dict[str, Any]:
    """A school's row of TERMS."""
    return {"schoolid": str(number), "yearid": str(year_id)}


def code_of(number: int, year_id: int) -> dict[str, Any]:
    """A code, whose id tells school and year."""
    return year(number, year_id) | {"id": f"{number}{year_id}", "att_code": "T"}


def serve_bells(server: responses.RequestsMock, numbers: list[int]) -> None:
    """Schools with a period each, in a bell schedule of its own."""
    server.get(f"{TABLES}/terms", json=table("terms", *(year(n, 36) for n in numbers)))
    server.get(f"{TABLES}/attendance_code", json=table("attendance_code"))
    days = [
        {"id": n, "insession": "1", "schoolid": n, "bell_schedule_id": n + 10}
        for n in numbers
    ]
    server.get(f"{TABLES}/calendar_day", json=table("calendar_day", *days))
    items = [
        {"bell_schedule_id": n + 10, "period_id": n, "start_time": "60", "end_time": n}
        for n in numbers
    ]
    rows = table("bell_schedule_items", *items)
    server.get(f"{TABLES}/bell_schedule_items", json=rows)


def test_bell_times_of_many_schools_are_read_in_one_call(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    numbers = [1817, 1818, 1819]
    serve_bells(server, numbers)
    powerschool.school_days(ON, deadline=soon, most_pages=1, with_schedule=True)
    powerschool.read_bells_ahead(numbers, ON, deadline=soon, most_pages=1)
    before = len(server.calls)
    for number in numbers:
        (bell,) = powerschool.bell_times(number, ON, deadline=soon, with_names=False)
        assert (bell.period_id, bell.ends) == (number, number)
    assert len(server.calls) == before


def test_bell_times_in_too_many_pages_are_left_to_be_read_one_by_one(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    numbers = [1817, 1818, 1819]
    serve_bells(server, numbers)
    others = {"bell_schedule_id": 1, "period_id": 1, "start_time": 60, "end_time": 90}
    full = table("bell_schedule_items", *[others] * 100)
    server.replace("GET", f"{TABLES}/bell_schedule_items", json=full)
    powerschool.school_days(ON, deadline=soon, most_pages=1, with_schedule=True)
    for _ in range(2):
        powerschool.read_bells_ahead(numbers, ON, deadline=soon, most_pages=2)
    items = [c for c in server.calls if "bell_schedule_items" in str(c.request.url)]
    assert len(items) == 2
