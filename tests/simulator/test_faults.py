"""Every fault: that it fired, what the client saw, and whether the write stands."""

import time
from typing import Any

import pytest
import requests

from vmps.simulator.control import Simulator

from .caller import DAY, Caller


def set_fault(simulator: Simulator, kind: str, **more: Any) -> None:
    simulator.faults([{"kind": kind, "on": "write", "times": 1, **more}])


def committed(simulator: Simulator) -> list[int]:
    """Return the journal numbers that the only fault hit; it must have fired."""
    (fault,) = simulator.fired()
    assert fault["fired"] == 1
    assert fault["journal"] == [line["n"] for line in simulator.journal()]
    return list(fault["journal"])


@pytest.mark.parametrize(
    ("fault", "status", "content_type"),
    [
        ({"kind": "status", "status": 502}, 502, "application/json"),
        ({"kind": "status"}, 500, "application/json"),
        ({"kind": "html_page"}, 200, "text/html"),
        ({"kind": "html_503"}, 503, "text/html"),
        ({"kind": "wrong_type"}, 200, "application/json"),
        ({"kind": "redirect"}, 302, "application/json"),
    ],
)
def test_another_answer(
    caller: Caller, simulator: Simulator, fault: Any, status: int, content_type: str
) -> None:
    record = caller.record(0)
    set_fault(simulator, **fault)
    answer = caller.write(record)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content_type)
    assert committed(simulator) == []


@pytest.mark.parametrize(
    "kind", ["status", "html_page", "html_503", "wrong_type", "redirect", "huge_body"]
)
def test_another_answer_after_a_commit(
    caller: Caller, simulator: Simulator, kind: str
) -> None:
    record = caller.record(0)
    set_fault(simulator, kind, commit=True)
    caller.write(record)
    assert committed(simulator) == [1]


def test_wrong_type_is_a_list(caller: Caller, simulator: Simulator) -> None:
    record = caller.record(0)
    set_fault(simulator, "wrong_type")
    assert caller.write(record).json() == []


def test_redirect_leads_to_a_forbidden_address(
    caller: Caller, simulator: Simulator
) -> None:
    record = caller.record(0)
    set_fault(simulator, "redirect")
    assert caller.write(record).headers["Location"] == "http://169.254.169.254/"


def test_huge_body(caller: Caller, simulator: Simulator) -> None:
    record = caller.record(0)
    set_fault(simulator, "huge_body")
    with caller.write(record, stream=True) as answer:
        assert int(answer.headers["Content-Length"]) > 20_000_000
    assert committed(simulator) == []


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [("black_hole", []), ("commit_then_timeout", [1])],
)
def test_no_answer_at_all(
    caller: Caller, simulator: Simulator, kind: str, numbers: list[int]
) -> None:
    record = caller.record(0)
    set_fault(simulator, kind)
    with pytest.raises(requests.ReadTimeout):
        caller.write(record, timeout=0.2)
    assert committed(simulator) == numbers


@pytest.mark.parametrize(
    ("kind", "numbers"), [("reset_before", []), ("reset_after_write", [1])]
)
def test_connection_reset(
    caller: Caller, simulator: Simulator, kind: str, numbers: list[int]
) -> None:
    record = caller.record(0)
    set_fault(simulator, kind)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        caller.write(record)
    assert committed(simulator) == numbers


def test_late_commit_happens_after_the_client_gave_up(
    caller: Caller, simulator: Simulator
) -> None:
    record = caller.record(0)
    set_fault(simulator, "late_commit", seconds=0.6)
    with pytest.raises(requests.ReadTimeout):
        caller.write(record, timeout=0.2)
    caller.session.close()
    assert committed(simulator) == []
    time.sleep(0.7)
    assert committed(simulator) == [1]
    assert len(simulator.attendance()) == 1


def test_late_commit_answers_who_waits(caller: Caller, simulator: Simulator) -> None:
    record = caller.record(0)
    set_fault(simulator, "late_commit", seconds=0.2)
    assert caller.write(record).json()["insert_count"] == 1
    assert committed(simulator) == [1]


@pytest.mark.parametrize("kind", ["slow_drip", "drip_headers"])
def test_dripping_answers_outlive_a_read_timeout(
    caller: Caller, simulator: Simulator, kind: str
) -> None:
    record = caller.record(0)
    set_fault(simulator, kind, seconds=1.5)
    began = time.monotonic()
    answer = caller.write(record, timeout=0.8)  # each byte comes in time
    assert time.monotonic() - began > 1.4
    assert answer.json()["insert_count"] == 1
    assert committed(simulator) == [1]


def test_truncated_json_in_both_ways(caller: Caller, simulator: Simulator) -> None:
    first, second = caller.record(0), caller.record(1)
    simulator.faults([{"kind": "truncated_json", "on": "write"}])
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        caller.write(first)  # shorter than its Content-Length
    answer = caller.write(second)
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert simulator.fired()[0]["journal"] == [1, 2]


def test_a_partly_written_call_tells_of_each_record(meeting_caller: Caller) -> None:
    simulator = meeting_caller.simulator
    day = simulator.meetings(meeting_caller.students()[0]["id"], DAY)
    records = [meeting_caller.meeting_record(meeting) for meeting in day[:3]]
    set_fault(simulator, "partly_written")
    answer = meeting_caller.write_meetings(*records)
    assert answer.status_code == 200
    told = answer.json()
    assert [one["status"] for one in told["result"]] == ["SUCCESS", "SUCCESS", "ERROR"]
    assert (told["insert_count"], told["update_count"]) == (2, 0)
    assert "Locked" in str(told["result"][2]["error_message"])
    assert committed(simulator) == [1, 2]


def test_skip_and_times(caller: Caller, simulator: Simulator) -> None:
    simulator.faults([{"kind": "status", "on": "read", "skip": 1, "times": 2}])
    statuses = [caller.table("schools").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    assert simulator.fired()[0]["fired"] == 2


@pytest.mark.parametrize(
    ("on", "hit"),
    [
        ("any", {"token", "read", "write"}),
        ("token", {"token"}),
        ("read", {"read"}),
        ("write", {"write"}),
        ("/ws/schema/table/sch", {"read"}),
        ("/ws/attendance/daily_time", {"write"}),
    ],
)
def test_where_a_fault_is_on(
    caller: Caller, simulator: Simulator, on: str, hit: set[str]
) -> None:
    record = caller.record(0)
    simulator.faults([{"kind": "status", "status": 418, "on": on}])
    answers = {
        "token": caller.ask_token(),
        "read": caller.table("schools"),
        "write": caller.write(record),
    }
    failed = {name for name, answer in answers.items() if answer.status_code == 418}
    assert failed == hit


def test_faults_follow_one_another_and_end(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.faults(
        [
            {"kind": "status", "status": 500, "times": 1},
            {"kind": "status", "status": 502, "times": 1},
        ]
    )
    assert [caller.table("schools").status_code for _ in range(3)] == [500, 502, 200]
    simulator.faults([])
    assert simulator.fired() == []


@pytest.mark.parametrize(
    "fault",
    [{"kind": "gremlin"}, {"kind": "status", "on": "moon"}, {"kind": "status", "x": 1}],
)
def test_nonsense_is_refused(simulator: Simulator, fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="400"):
        simulator.faults([fault])


def test_latency(caller: Caller, simulator: Simulator) -> None:
    simulator.settings(latency_ms=150)
    began = time.monotonic()
    caller.table("schools")
    assert time.monotonic() - began > 0.14
