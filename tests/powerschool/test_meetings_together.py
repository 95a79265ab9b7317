"""Many students' meetings by ranges of ids: what each gets alone, or nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from vmps.powerschool import (
    Credentials,
    Deadline,
    MalformedAnswer,
    Meeting,
    PowerSchool,
    PowerSchoolError,
    TooManyPages,
    TooManyRows,
)
from vmps.powerschool.templates import QUERY
from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

from .conftest import BASE, LOOPBACK
from .simulated import ON
from .test_reads import table
from .timetable import ON as MONDAY
from .timetable import calls, queries, serve

MODES = {"meeting": 1817, "interval": 1818}
SEED = invent_district(schools=2, students_per_school=60, modes=tuple(MODES))
COUNT = f"{BASE}/ws/schema/table/cc/count"
ROWS: list[dict[str, Any]] = [
    {"id": "61", "sectionid": "501", "studentid": "77"},
    {"id": "62", "sectionid": "502", "studentid": "77"},
    {"id": "63", "sectionid": "501", "studentid": "78"},
    {"id": "64", "sectionid": "501", "studentid": "79"},
]
IDS = {77, 79, 80}


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """A PowerSchool with a school of each mode, without the query."""
    shared_simulator.seed(SEED)
    shared_simulator.settings(missing_queries=[QUERY])
    return shared_simulator


@pytest.fixture
def plugin(simulator: Simulator) -> Iterator[PowerSchool]:
    credentials = Credentials(SEED["client_id"], SEED["client_secret"])
    with PowerSchool(simulator.url, credentials, network=LOOPBACK) as client:
        yield client


def students(school: int) -> list[int]:
    number = str(school)
    return [int(s["id"]) for s in SEED["students"] if s["school_number"] == number]


def together(
    client: PowerSchool, ids: list[int], school: int, most_pages: int = 20
) -> dict[int, list[Meeting]]:
    by = Deadline.after(10)
    return client.meetings_together(ids, school, ON, deadline=by, most_pages=most_pages)


def mark(simulator: Simulator, student: int, school: int, code: str) -> None:
    """Let a clerk mark all of a student's meetings of the day."""
    for meeting in simulator.meetings(student, ON.isoformat()):
        simulator.put_attendance(
            student,
            school,
            ON.isoformat(),
            code,
            att_comment=f"for {student}",
            **{
                name: meeting[name]
                for name in ("att_mode_code", "ccid", "periodid", "att_interval")
            },
        )


@pytest.mark.parametrize("school", MODES.values(), ids=MODES)
def test_together_each_gets_what_it_would_get_alone(
    plugin: PowerSchool, simulator: Simulator, school: int, soon: Deadline
) -> None:
    ids = students(school)
    for student in ids[::3]:
        mark(simulator, student, school, "T")
    found = together(plugin, ids, school)
    alone = {i: plugin.meetings(i, school, ON, deadline=soon) for i in ids}
    assert found == alone
    marked = {i for i, meetings in found.items() if any(m.code_id for m in meetings)}
    assert marked == set(ids[::3])
    assert {m.comment for m in found[ids[3]] if m.code_id} == {f"for {ids[3]}"}


def test_others_between_are_not_told(plugin: PowerSchool, simulator: Simulator) -> None:
    ids = students(1817)
    mark(simulator, ids[1], 1817, "T")
    found = together(plugin, [ids[0], ids[2]], 1817)
    assert set(found) == {ids[0], ids[2]}
    assert {m.code_id for meetings in found.values() for m in meetings} == {None}


def test_too_many_rows_are_counted_and_not_read(
    plugin: PowerSchool, simulator: Simulator
) -> None:
    simulator.reset_calls()
    with pytest.raises(TooManyRows):
        together(plugin, students(1817), 1817, most_pages=6)
    made = simulator.calls()
    assert (made["count:cc"], made.get("table:cc")) == (1, None)


def test_too_much_attendance_is_not_read_to_its_end(
    plugin: PowerSchool, simulator: Simulator
) -> None:
    ids = students(1818)
    for student in ids:
        mark(simulator, student, 1818, "T")
    rows = len(simulator.attendance(schoolid=1818))
    simulator.reset_calls()
    with pytest.raises(TooManyPages) as caught:
        together(plugin, ids, 1818, most_pages=9)
    assert not isinstance(caught.value, TooManyRows)
    made = simulator.calls()
    assert made["table:cc"] + made["table:attendance"] == 9
    assert made["table:attendance"] <= rows // 100


def test_a_student_of_more_than_a_page_of_sections_has_them_all(
    shared_simulator: Simulator, plugin: PowerSchool, soon: Deadline
) -> None:
    first, second, *_others = students(1817)
    school = SEED["schools"][0]
    more = [{"expression": "6(A-B)", "students": [first]} for _ in range(120)]
    crowded = school | {"sections": [*school["sections"], *more]}
    shared_simulator.seed(SEED | {"schools": [crowded, SEED["schools"][1]]})
    found = together(plugin, [first, second], 1817)
    assert len(found[first]) > 120
    assert len(found[second]) <= 7
    assert found[first] == plugin.meetings(first, 1817, ON, deadline=soon)


def read(client: PowerSchool, most_pages: int = 4) -> dict[int, list[Meeting]]:
    by = Deadline.after(5)
    return client.meetings_together(
        IDS, 1817, MONDAY, deadline=by, most_pages=most_pages
    )


def serve_count(server: responses.RequestsMock, count: Any, **changes: Any) -> None:
    server.get(COUNT, json=count)
    serve(server, **({"cc": ROWS} | changes))


def test_both_tables_are_asked_for_the_range_of_ids(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve_count(server, {"count": len(ROWS)})
    found = read(powerschool)
    assert {i: [m.cc_id for m in found[i]] for i in found} == {
        77: [61, 62],
        79: [64],
        80: [],
    }
    assert calls(server)[-3:] == ["count", "cc", "attendance"]
    asked, ids = queries(server), "studentid=ge=77;studentid=le=80"
    dates = "dateenrolled=le=2026-09-14;dateleft=gt=2026-09-14"
    assert asked["cc"] == f"schoolid==1817;{ids};sectionid=gt=0;{dates}"
    assert asked["count"] == asked["cc"]
    assert asked["attendance"] == f"schoolid==1817;att_date==2026-09-14;{ids}"


@pytest.mark.parametrize(
    "count", [3, 5, 104, 0, -1, "many", None, True, {"count": 4}, []]
)
def test_other_rows_than_were_counted_are_nobody_s(
    server: responses.RequestsMock, powerschool: PowerSchool, count: Any
) -> None:
    """A section that is missing would look like none, and its class stay unmarked."""
    serve_count(server, {"count": count})
    with pytest.raises(MalformedAnswer):
        read(powerschool)


@pytest.mark.parametrize("answer", [[], "4", {}, {"message": "Not today"}])
def test_an_answer_that_is_no_count_is_malformed(
    server: responses.RequestsMock, powerschool: PowerSchool, answer: Any
) -> None:
    serve_count(server, answer)
    with pytest.raises(MalformedAnswer):
        read(powerschool)


def test_a_row_that_comes_twice_hides_another(
    server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    """So it is where pages are not cut from one order."""
    serve_count(server, {"count": 4}, cc=[*ROWS[:3], ROWS[0]])
    with pytest.raises(MalformedAnswer):
        read(powerschool)


@pytest.mark.parametrize("name", ["count", "cc", "attendance"])
def test_what_breaks_off_tells_of_nobody(
    server: responses.RequestsMock, powerschool: PowerSchool, name: str
) -> None:
    path = {"count": COUNT}.get(name, f"{BASE}/ws/schema/table/{name}")
    full = [{"id": str(n), "sectionid": "501", "studentid": "77"} for n in range(100)]
    if name == "cc":
        server.get(path, json=table("cc", *full))
    server.get(path, status=500)
    serve_count(server, {"count": 104 if name == "cc" else 4})
    with pytest.raises(PowerSchoolError):
        read(powerschool)


@pytest.mark.parametrize("changes", [{"calendar_day": []}, {"cycle_day": []}])
def test_without_a_timetable_nobody_s_sections_are_read(
    changes: Any, server: responses.RequestsMock, powerschool: PowerSchool
) -> None:
    serve_count(server, {"count": 4}, **changes)
    assert not any(read(powerschool).values())
    assert not {"count", "cc", "attendance"} & set(calls(server))
