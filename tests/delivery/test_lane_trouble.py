"""What holds up a whole lane: breaker, pause, missing grants, throttle."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of, lane
from vmps.models import AuditEntry, Writeback
from vmps.services.overdue import give_up_overdue, lanes_to_ring
from vmps.simulator.control import Simulator

DOWN = {"kind": "status", "status": 500, "on": "read"}


def go_on(deliver: Deliver, watch: Watch, times: int, seconds: float) -> None:
    """Deliver so many times, that far apart."""
    for _ in range(times):
        deliver()
        watch.advance(seconds=seconds)


def seconds_blocked(watch: Watch) -> float:
    """Return how long the lane still waits."""
    until = lane().blocked_until
    return (until - watch.now).total_seconds() if until else 0.0


def test_five_failures_in_a_row_open_the_breaker(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([DOWN])
    oakwood.report()
    go_on(deliver, watch, 4, 3600)
    assert lane().blocked_until is None
    deliver()
    assert seconds_blocked(watch) == 30
    watch.advance(seconds=29)
    deliver()
    assert simulator.fired()[0]["fired"] == 5


def test_a_failed_probe_doubles_the_wait_and_uses_one_writeback(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([DOWN])
    oakwood.report(0)
    go_on(deliver, watch, 5, 3600)
    for student in range(1, 10):
        oakwood.report(student, now=watch.now)
    deliver()
    assert seconds_blocked(watch) == 60
    assert sum(writeback.tries for writeback in Writeback.select()) == 6


def test_a_good_probe_opens_the_lane_for_all(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([DOWN])
    oakwood.report(0)
    go_on(deliver, watch, 5, 3600)
    for student in range(1, 10):
        oakwood.report(student, now=watch.now)
    simulator.faults([])
    deliver()
    assert statuses() == {"successful": 10}
    assert (lane().failures, lane().blocked_until) == (0, None)
    assert AuditEntry.select().where(AuditEntry.action == "lane.resumed").count() == 1


def test_a_changed_secret_pauses_the_lane_until_it_is_right_again(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.change_secret("another")
    oakwood.report()
    go_on(deliver, watch, 4, 301)
    assert end_of() == ("pending", "credentials_refused")
    assert Writeback.get().tries == 0
    assert AuditEntry.select().where(AuditEntry.action == "lane.paused").count() == 1
    simulator.change_secret(OAKWOOD_SEED["client_secret"])
    deliver()
    assert codes_written(simulator) == ["T"]


def test_a_disabled_plugin_pauses_the_lane_and_heals(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    oakwood.report(0)
    deliver()
    simulator.settings(plugin_enabled=False)
    oakwood.report(1)
    deliver()
    assert lane().blocked_reason == "credentials_refused"
    assert seconds_blocked(watch) == 300
    simulator.settings(plugin_enabled=True)
    assert lanes_to_ring(watch.now) == []
    watch.advance(seconds=301)
    assert lanes_to_ring(watch.now) == [oakwood.district.id]
    deliver()
    assert statuses() == {"successful": 2}


def test_an_expired_token_is_replaced_without_a_trace(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report(0)
    deliver()
    simulator.expire_token()
    oakwood.report(1)
    deliver()
    assert statuses() == {"successful": 2}
    assert simulator.calls()["token"] == 2
    assert lane().failures == 0


@pytest.mark.parametrize(
    ("table", "field"),
    [("ATTENDANCE", "ATTENDANCE_CODEID"), ("STUDENTS", "STUDENT_NUMBER")],
)
def test_a_missing_grant_pauses_the_mode_and_heals(  # noqa: PLR0917 a case
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    table: str,
    field: str,
) -> None:
    simulator.withdraw(table, field)
    oakwood.report()
    go_on(deliver, watch, 3, 100)
    assert end_of() == ("pending", "fields_not_granted")
    assert field.lower() in Writeback.get().detail.lower()
    assert Writeback.get().tries == 0
    simulator.restore_grants()
    simulator.reset_calls()
    deliver()
    assert simulator.calls()["daily_time"] == 1
    assert lane().mode_blocks == "{}"


def test_a_paused_mode_makes_no_calls(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.withdraw("ATTENDANCE", "ATTENDANCE_CODEID")
    oakwood.report()
    deliver()
    simulator.reset_calls()
    watch.advance(seconds=299)
    assert deliver() is False
    assert lanes_to_ring(watch.now) == []
    assert simulator.calls() == {}


@pytest.mark.parametrize("number", [429, 503, 509])
def test_a_throttled_lane_learns_its_pace_and_loses_nothing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch, number: int
) -> None:
    simulator.settings(min_interval_ms=40, throttle_status=number)
    for student in range(12):
        oakwood.report(student)
    rounds = 0
    while statuses() != {"successful": 12} and rounds < 40:
        go_on(deliver, watch, 1, 1)
        rounds += 1
    assert {writeback.tries for writeback in Writeback.select()} == {0}
    assert sorted(row["studentid"] for row in simulator.journal()) == [
        500 + n for n in range(12)
    ]
    assert lane().pace_seconds > 0.02


def test_powerschool_s_own_wait_is_a_floor(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.settings(
        min_interval_ms=60_000, throttle_status=503, throttle_retry_after=True
    )
    oakwood.report()
    deliver()
    assert lane().blocked_reason == "throttled"
    assert 50 < seconds_blocked(watch) <= 60


def test_what_could_not_be_sent_for_72_hours_fails(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([DOWN])
    oakwood.report()
    go_on(deliver, watch, 40, 7200)
    assert end_of() == ("failed", "gave_up")
    assert watch.now > NOW + timedelta(hours=72)
    assert simulator.fired()[0]["fired"] >= 30


def test_the_scheduler_fails_what_no_drain_comes_to(
    oakwood: Oakwood, watch: Watch
) -> None:
    oakwood.report()
    watch.advance(hours=71.9)
    assert give_up_overdue(watch.now) == 0
    watch.advance(hours=0.2)
    assert give_up_overdue(watch.now) == 1
    assert end_of() == ("failed", "gave_up")
