"""The minimum interval between requests of one plugin."""

import time

import pytest

from vmps.simulator.control import Simulator

from .caller import Caller


@pytest.mark.parametrize("status", [429, 503, 509])
def test_a_second_request_too_soon_is_refused(
    caller: Caller, simulator: Simulator, status: int
) -> None:
    simulator.settings(min_interval_ms=5000, throttle_status=status)
    assert caller.table("schools").status_code == 200
    answer = caller.table("schools")
    assert answer.status_code == status
    assert "wait 5 seconds" in answer.json()["message"]
    assert "Retry-After" not in answer.headers


def test_retry_after_may_be_sent(caller: Caller, simulator: Simulator) -> None:
    simulator.settings(min_interval_ms=1500, throttle_retry_after=True)
    answers = [caller.table("schools") for _ in range(2)]
    assert answers[1].headers["Retry-After"] == "2"


def test_tokens_are_throttled_too(caller: Caller, simulator: Simulator) -> None:
    simulator.settings(min_interval_ms=5000)
    assert caller.ask_token().status_code == 200
    assert caller.ask_token().status_code == 509
    assert caller.call("GET", "/ws/v1/time").status_code == 509


def test_refusals_are_counted_beside_the_calls(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.settings(min_interval_ms=5000)
    simulator.reset_calls()
    for _ in range(3):
        caller.table("schools")
    assert simulator.calls()["throttled"] == 2


def test_a_throttled_write_is_not_written(caller: Caller, simulator: Simulator) -> None:
    record = caller.record(0)
    simulator.settings(min_interval_ms=5000)
    caller.table("schools")
    assert caller.write(record).status_code == 509
    assert simulator.journal() == []


def test_refused_requests_do_not_prolong_the_wait(
    caller: Caller, simulator: Simulator
) -> None:
    simulator.settings(min_interval_ms=300)
    caller.table("schools")
    deadline = time.monotonic() + 2
    while caller.table("schools").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
