"""What the plugin may do with each field of a table, in one call."""

from typing import Any

import pytest
import responses

from vmps.powerschool import Deadline, MalformedAnswer, NotFound, PowerSchool

from .conftest import BASE
from .test_reads import asked

URL = f"{BASE}/ws/schema/table/attendance/metadata"
DATE = {"name": "Att_Date", "access": "FullAccess"}
LOCK = {"name": "Lock_Teacher_YN", "access": "NoAccess"}


@pytest.mark.parametrize(
    ("columns", "access"),
    [
        ([DATE, LOCK], {"att_date": "FullAccess", "lock_teacher_yn": "NoAccess"}),
        (DATE, {"att_date": "FullAccess"}),
        ({"column": [DATE]}, {"att_date": "FullAccess"}),
        ([DATE, {"name": "Att_Mode_Code"}], {"att_date": "FullAccess"}),
        ([{"name": "Att_Date"}], {}),
        ([], {}),
        (None, {}),
    ],
)
def test_access_comes_by_column_where_it_is_told(
    columns: Any,
    access: dict[str, str],
    server: responses.RequestsMock,
    powerschool: PowerSchool,
) -> None:
    server.get(URL, json={"name": "Attendance", "columns": columns})
    soon = Deadline.after(5)
    assert powerschool.field_access("ATTENDANCE", deadline=soon) == access
    assert asked(server)["expansions"] == "access"


@pytest.mark.parametrize("status", [400, 403])
def test_a_server_that_does_not_tell_is_no_error(
    status: int, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(URL, status=status, json={"message": "no such expansion"})
    soon = Deadline.after(5)
    assert powerschool.field_access("attendance", deadline=soon) == {}


def test_a_table_that_is_not_there_is_an_error(
    server: responses.RequestsMock, powerschool: PowerSchool, soon: Deadline
) -> None:
    server.get(URL, status=404, json={"message": "Resource not found"})
    with pytest.raises(NotFound):
        powerschool.field_access("attendance", deadline=soon)


@pytest.mark.parametrize("answer", [[], {"columns": ["Att_Date"]}])
def test_what_is_no_metadata_is_malformed(
    answer: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    server.get(URL, json=answer)
    with pytest.raises(MalformedAnswer):
        powerschool.field_access("attendance", deadline=Deadline.after(5))


@pytest.mark.parametrize("name", ["", "a/b", "a?q=1", "a b"])
def test_only_a_name_stands_in_the_path(
    name: str, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    with pytest.raises(ValueError, match="table"):
        powerschool.field_access(name, deadline=Deadline.after(5))
    assert len(server.calls) == 0
