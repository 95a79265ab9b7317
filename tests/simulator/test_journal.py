"""The journal, restarts, and rows written by hand."""

from pathlib import Path

import pytest

from vmps.simulator.control import Simulator
from vmps.simulator.invent import invent_district

from .caller import DAY, SCHOOL, Caller

FIELDS = {
    "n",
    "at",
    "endpoint",
    "action",
    "dcid",
    "studentid",
    "schoolid",
    "yearid",
    "att_date",
    "att_mode_code",
    "attendance_codeid",
    "att_code",
    "att_comment",
    "total_minutes",
}


def test_every_accepted_write_is_a_line(caller: Caller, simulator: Simulator) -> None:
    caller.write(caller.record(0, att_comment="late"))
    caller.write_batch(caller.record(0, "A"), caller.record(1))
    lines = simulator.journal()
    assert [line["n"] for line in lines] == [1, 2, 3]
    assert [line["action"] for line in lines] == ["INSERT", "UPDATE", "INSERT"]
    assert [line["att_code"] for line in lines] == ["T", "A", "T"]
    assert lines[1]["att_comment"] == "late"
    assert lines[1]["endpoint"] == "batch_daily_time"
    assert lines[0].keys() >= FIELDS


def test_a_clerk_writes_by_hand(caller: Caller, simulator: Simulator) -> None:
    student = caller.students()[0]["id"]
    row = simulator.put_attendance(student, 1817, DAY, "A", att_comment="ill")
    assert simulator.journal()[0]["by"] == "hand"
    answer = caller.write(caller.record(0)).json()
    assert answer["result"][0]["success_message"]["id"] == row["dcid"]
    again = simulator.put_attendance(student, 1817, DAY, None)
    assert again["dcid"] == row["dcid"]
    assert simulator.attendance(schoolid=1817, att_date=DAY) == [again]
    assert simulator.attendance(schoolid=1818) == []


@pytest.mark.parametrize("code", ["XYZ", "t"])
def test_a_clerk_needs_a_code_that_exists(simulator: Simulator, code: str) -> None:
    with pytest.raises(ValueError, match="no code"):
        simulator.put_attendance(104_001, 1817, DAY, code)


def test_everything_survives_a_kill(tmp_path: Path) -> None:
    seed = invent_district(students_per_school=3)
    simulator = Simulator.start(tmp_path, seed=seed)
    caller = Caller(simulator, seed)
    token = caller.log_in()
    caller.write(caller.record(0, att_comment="late"))
    caller.write(caller.record(0, "A"))
    caller.write(caller.record(1, att_mode_code="ATT_ModeTime", total_minutes="9"))
    simulator.settings(version="25.2.0.0")
    before, url = simulator.attendance(), simulator.url
    simulator.kill()
    with (tmp_path / "journal.jsonl").open("a") as journal:
        journal.write('{"n":4,"at":"20')  # torn by the kill
    simulator.restart()
    assert simulator.url == url
    assert simulator.attendance() == before
    assert simulator.settings()["version"] == "25.2.0.0"
    assert caller.log_in() == token
    assert caller.write(caller.record(0)).json()["update_count"] == 1
    assert [line["n"] for line in simulator.journal()] == [1, 2, 3, 4]
    caller.session.close()
    assert simulator.stop() == 0


def test_another_district_starts_over(caller: Caller, simulator: Simulator) -> None:
    caller.write(caller.record(0))
    simulator.settings(page_size=7)
    simulator.faults([{"kind": "status"}])
    simulator.seed(caller.seed)
    assert simulator.journal() == []
    assert simulator.attendance() == []
    assert simulator.fired() == []
    assert simulator.calls() == {}
    assert simulator.settings()["page_size"] == 100
    caller.log_in()
    assert caller.write(caller.record(0)).json()["insert_count"] == 1
    assert simulator.attendance()[0]["schoolid"] == int(SCHOOL)
