"""What an administrator, an upgrade or a server room does to a running PowerSchool."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from vmps.simulator.control import Simulator

from .caller import Caller


@pytest.mark.parametrize(("kind", "status"), [("html_503", 503), ("html_page", 200)])
def test_a_maintenance_window_answers_everything_with_a_page(
    caller: Caller, simulator: Simulator, kind: str, status: int
) -> None:
    record = caller.record(0)
    simulator.faults([{"kind": kind}])
    answers = [
        caller.ask_token(),
        caller.call("GET", "/ws/v1/metadata"),
        caller.table("schools"),
        caller.write(record),
    ]
    assert {answer.status_code for answer in answers} == {status}
    assert {answer.headers["Content-Type"] for answer in answers} == {
        "text/html;charset=UTF-8"
    }
    simulator.faults([])
    assert simulator.journal() == []
    assert caller.write(record).status_code == 200


def test_an_upgrade_brings_the_batch(caller: Caller, simulator: Simulator) -> None:
    simulator.settings(version="25.1.0.0")
    record = caller.record(0)
    assert caller.write_batch(record).status_code == 404
    simulator.settings(version="25.3.0.0")
    assert caller.write_batch(record).status_code == 200
    metadata = caller.call("GET", "/ws/v1/metadata").json()["metadata"]
    assert metadata["powerschool_version"] == "25.3.0.0"


@pytest.mark.parametrize("skew", [-90, 3600])
def test_its_clock_may_be_wrong(
    caller: Caller, simulator: Simulator, skew: int
) -> None:
    simulator.settings(clock_skew_seconds=skew)
    answer = caller.call("GET", "/ws/v1/time")
    dated = parsedate_to_datetime(answer.headers["Date"])
    off = (dated - datetime.now(UTC)).total_seconds()
    assert off == pytest.approx(skew, abs=5)
    timestamp = answer.json()["time"]["timestamp"]
    assert timestamp - time.time() == pytest.approx(skew, abs=5)


def test_a_wrong_clock_shows_on_failures_too(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.settings(clock_skew_seconds=-600)
    simulator.faults([{"kind": "html_503"}])
    dated = parsedate_to_datetime(caller.table("schools").headers["Date"])
    off = (dated - datetime.now(UTC)).total_seconds()
    assert off == pytest.approx(-600, abs=5)


def test_its_zone_may_differ_from_the_seed_s(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.settings(district_timezone="Pacific/Kiritimati")
    metadata = caller.call("GET", "/ws/v1/metadata").json()["metadata"]
    assert metadata["district_timezone"] == "Pacific/Kiritimati"
    shown = caller.call("GET", "/ws/v1/time").json()["time"]
    there = f"{shown['date']}T{shown['time']}+14:00"
    off = datetime.fromisoformat(there) - datetime.now(UTC)
    assert off.total_seconds() == pytest.approx(0, abs=5)
    with pytest.raises(ValueError, match="400"):
        simulator.settings(district_timezone="Mars/Olympus")
