"""Looking many students up in few calls."""

import json
from typing import Any

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as some

from vmps.powerschool import Deadline, PowerSchool
from vmps.powerschool.people import windows_of
from vmps.powerschool.plugin import STUDENTS_LISTED

from .conftest import BASE
from .test_reads import MARIA, STUDENTS, asked, table

NUMBERS = some.lists(some.integers(0, 10**7) | some.integers(0, 300), max_size=60)


def student(**columns: Any) -> dict[str, Any]:
    return {**MARIA, **columns}


@pytest.mark.parametrize("column", ["dcid", "id", "student_number"])
def test_neighbours_are_looked_up_in_one_call(
    column: str, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    rows = [student(**{column: str(number)}) for number in (1001, 1002, 1100)]
    server.get(STUDENTS, json=table("students", *rows))
    soon = Deadline.after(5)
    found = powerschool.students_with(column, [1100, 1001], deadline=soon)
    assert [str(getattr(one, column)) for one in found] == ["1001", "1100"]
    assert asked(server)["q"] == f"{column}=ge=1001;{column}=le=1100"
    assert asked(server)["pagesize"] == "100"


def test_numbers_far_apart_take_a_call_each(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(STUDENTS, json=table("students"))
    found = powerschool.students_with(
        "id", [1, 5000], school_number=1817, deadline=soon
    )
    assert found == []
    assert asked(server)["q"] == "schoolid==1817;id==5000"
    assert len(server.calls) == 3  # with the token's


def test_students_are_not_looked_up_by_other_columns(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    with pytest.raises(ValueError, match="last_name"):
        powerschool.students_with("last_name", [1], deadline=soon)
    assert len(server.calls) == 0


QUERY = f"{BASE}/ws/schema/query/{STUDENTS_LISTED}"


def test_a_long_list_takes_more_calls_and_a_strange_answer_nobody(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.post(QUERY, json={"name": "students", "record": [{"id": 77, "dcid": 5}]})
    found = powerschool.students_listed("id", range(1000, 2000), deadline=soon)
    assert found == []
    bodies = [json.loads(call.request.body or "") for call in server.calls[1:]]
    assert {body["kind"] for body in bodies} == {"id"}
    numbers = [body["numbers"] for body in bodies]
    assert [len(text) <= 3900 for text in numbers] == [True, True]
    assert ",".join(numbers) == ",".join(map(str, range(1000, 2000)))


def test_no_list_is_no_call(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    assert powerschool.students_listed("id", [], deadline=soon) == []
    with pytest.raises(ValueError, match="last_name"):
        powerschool.students_listed("last_name", [1], deadline=soon)
    assert len(server.calls) == 0


def test_a_range_can_be_read_in_the_whole_district(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(STUDENTS, json=table("students", MARIA))
    found = powerschool.students_between(None, "id", (70, 80), deadline=soon)
    assert [one.id for one in found] == [77]
    assert asked(server)["q"] == "id=ge=70;id=le=80"


@given(NUMBERS, some.integers(1, 100))
def test_windows_hold_every_number_once_and_fit_a_page(
    numbers: list[int], width: int
) -> None:
    windows = windows_of(numbers, width)
    assert [n for window in windows for n in window] == sorted(set(numbers))
    assert all(window[-1] - window[0] < width for window in windows)
