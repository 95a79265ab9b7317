"""The control API, its client and the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from vmps.simulator.control import ROOT, Simulator
from vmps.simulator.invent import invent_district

from .caller import Caller


def test_calls_are_counted_by_endpoint(caller: Caller, simulator: Simulator) -> None:
    record = caller.record(0)
    simulator.reset_calls()
    caller.table("attendance")
    caller.write(record)
    caller.write_batch(record)
    caller.ask_token()
    caller.query("student_dcid_id_map", json={"students_dcid": [1]})
    assert simulator.calls() == {
        "table:attendance": 1,
        "daily_time": 1,
        "batch_daily_time": 1,
        "token": 1,
        "query:student_dcid_id_map": 1,
    }


def test_district_is_given_back(caller: Caller, simulator: Simulator) -> None:
    assert simulator.district()["client_id"] == caller.seed["client_id"]


def test_students_change_and_go_while_their_rows_stay(
    caller: Caller, simulator: Simulator
) -> None:
    first, second = (int(student["dcid"]) for student in caller.seed["students"][:2])
    caller.write(caller.record(0))
    simulator.change_student(first, last_name="Novak")
    simulator.remove_student(second)
    students = simulator.district()["students"]
    assert (students[0]["dcid"], students[0]["last_name"]) == (first, "Novak")
    assert len(students) == len(caller.seed["students"]) - 1
    assert len(simulator.attendance()) == 1


def test_health(simulator: Simulator) -> None:
    answer = requests.get(f"{simulator.url}/_simulator/health", timeout=5)
    assert answer.json() == {"status": "ok", "rows": 0, "journal": 0}


@pytest.mark.parametrize(
    "change",
    [
        {"gravity": 1},
        {"throttle_status": 200},
        {"latency_ms": "fast"},
        {"page_size": True},
        {"plugin_enabled": 1},
        {"latency_ms": -1},
    ],
)
def test_bad_settings_are_refused(
    simulator: Simulator, change: dict[str, object]
) -> None:
    before = simulator.settings()
    with pytest.raises(ValueError, match="400"):
        simulator.settings(**change)
    assert simulator.settings() == before


def test_bad_district_changes_nothing(caller: Caller, simulator: Simulator) -> None:
    caller.write(caller.record(0))
    with pytest.raises(ValueError, match="400"):
        simulator.seed({"schools": []})
    assert len(simulator.attendance()) == 1


def test_command_line_says_where_it_listens(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(invent_district(students_per_school=2)))
    command = [sys.executable, "-m", "vmps.simulator", "--data", str(tmp_path / "data")]
    command += ["--seed", str(seed), "--latency-ms", "3"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        settings = requests.get(f"{url}/_simulator/settings", timeout=5).json()
        process.terminate()
        assert process.stdout.read() == ""
    assert process.returncode == 0
    assert settings["latency_ms"] == 3
    assert (tmp_path / "data" / "url").read_text() == url


def test_it_stops_although_a_connection_is_held(tmp_path: Path) -> None:
    simulator = Simulator.start(tmp_path)
    simulator.faults([{"kind": "black_hole"}])
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{simulator.url}/ws/v1/time", timeout=0.1)
    held = requests.Session()
    with pytest.raises(requests.ReadTimeout):
        held.get(f"{simulator.url}/ws/v1/time", timeout=0.1)
    assert simulator.stop() == 0
    assert (tmp_path / "simulator.log").read_text() == ""
    held.close()


def test_a_failed_start_says_why(tmp_path: Path, simulator: Simulator) -> None:
    port = int(simulator.url.rpartition(":")[2])
    with pytest.raises(RuntimeError, match="did not start"):
        Simulator.start(tmp_path, port=port)


def test_invented_ids_overlap_without_meeting() -> None:
    students = invent_district(schools=3, students_per_school=40)["students"]
    kinds = ("id", "dcid", "student_number")
    ranges = [{student[kind] for student in students} for kind in kinds]
    assert ranges[0] == ranges[1] == ranges[2]
    assert len(ranges[0]) == 120
    assert all(len({student[kind] for kind in kinds}) == 3 for student in students)


def test_invention_is_repeatable() -> None:
    assert invent_district(random_seed=4) == invent_district(random_seed=4)
    assert invent_district(random_seed=4) != invent_district(random_seed=5)


def test_an_invented_district_bears_the_names_it_is_given() -> None:
    district = invent_district(
        students_per_school=30,
        timezone="America/New_York",
        named=(("Birch High School", range(9, 13)), ("Birch Primary", range(3))),
        first_school_number=2301,
    )
    numbers = {school["name"]: school["number"] for school in district["schools"]}
    grades = {(s["school_number"], s["grade_level"]) for s in district["students"]}
    assert district["timezone"] == "America/New_York"
    assert numbers == {"Birch High School": "2301", "Birch Primary": "2302"}
    assert {grade for number, grade in grades if number == "2302"} == {0, 1, 2}
