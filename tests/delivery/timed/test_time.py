"""From event to row in Time mode, against the simulator, on both engines."""

from __future__ import annotations

import pytest

from tests.cast import Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, end_of, outcomes
from tests.delivery.timed.school import DAY, LATE, leave, rows
from vmps.services.void import void_event
from vmps.simulator.control import Simulator


def test_a_late_check_in_writes_the_minutes_attended(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    assert rows(simulator) == [("T", LATE)]
    (written,) = simulator.journal()
    comment = f"Late check-in 8:14 AM, Bus late; [vmps {event}]"
    assert written["att_comment"] == comment
    assert statuses() == {"successful": 1}


def test_later_events_change_the_same_row(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    oakwood.report()
    deliver()
    watch.advance(seconds=5 * 3600)
    leave(oakwood)
    deliver()
    assert rows(simulator) == [("ED", 250)]
    assert [row["action"] for row in simulator.journal()] == ["INSERT", "UPDATE"]
    assert statuses() == {"successful": 2}


def test_a_void_leaves_no_minutes(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = oakwood.report().event
    deliver()
    assert event
    void_event(event, actor="test", now=watch.now)
    deliver()
    assert rows(simulator) == [(None, 0)]
    assert end_of() == ("successful", "voided")


@pytest.mark.parametrize(
    ("kind", "landed"), [("commit_then_timeout", 1), ("reset_before", 0)]
)
def test_a_lost_answer_doubles_no_row(  # noqa: PLR0917 fixtures
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    watch: Watch,
    kind: str,
    landed: int,
) -> None:
    simulator.faults([{"kind": kind, "on": "write", "times": 1}])
    oakwood.report()
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert len(simulator.journal()) == landed
    watch.advance(seconds=30)
    deliver()
    assert end_of() == ("pending", "settling")
    watch.advance(seconds=31)
    deliver()
    assert rows(simulator) == [("T", LATE)]
    assert statuses() == {"successful": 1}


def test_a_row_that_lands_very_late_loses_its_minutes_at_the_next_event(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = oakwood.report().event
    deliver()
    simulator.put_attendance(
        500, 1817, DAY, "T", att_mode_code="ATT_ModeTime", total_minutes=LATE,
        att_comment=f"Late check-in 8:14 AM, Bus late; [vmps {event}]",
    )  # fmt: skip
    watch.advance(seconds=5 * 3600)
    leave(oakwood)
    deliver()
    assert sorted(rows(simulator), key=lambda row: row[1]) == [("T", 0), ("ED", 250)]


def test_somebody_s_row_is_left_alone(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.put_attendance(
        500, 1817, DAY, "S", att_mode_code="ATT_ModeTime", total_minutes=120
    )
    oakwood.report()
    deliver()
    assert rows(simulator) == [("S", 120)]
    assert end_of() == ("failed", "already_marked")


def test_a_present_row_of_the_whole_day_is_changed_not_doubled(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.put_attendance(
        500, 1817, DAY, None, att_mode_code="ATT_ModeTime", total_minutes=300
    )
    oakwood.report()
    deliver()
    assert rows(simulator) == [("T", LATE)]


def test_a_half_day_has_its_own_bells(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    watch.advance(seconds=24 * 3600)
    oakwood.report(occurred_at=watch.now, now=watch.now)
    deliver()
    ((code, minutes),) = rows(simulator, "2026-11-24")
    assert (code, minutes) == ("T", 135)


def test_who_leaves_after_the_bell_is_told_when_the_day_ends(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    watch.advance(seconds=6 * 3600)
    leave(oakwood, hours=6)
    deliver()
    assert end_of() == ("failed", "outside_day")
    assert simulator.journal() == []


def test_many_go_in_batches_and_few_calls(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    for student in range(50):
        oakwood.report(student)
    deliver()
    assert statuses() == {"successful": 50}
    assert simulator.calls()["batch_daily_time"] == 1
    assert len(rows(simulator)) == 50


def test_without_batches_each_row_is_written_alone(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.settings(version="25.1.0.0")
    for student in range(10):
        oakwood.report(student)
    deliver()
    assert statuses() == {"successful": 10}
    assert set(outcomes()) == {"written"}
    assert simulator.calls()["daily_time"] == 10


def test_a_comment_that_may_not_be_read_is_not_sent(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.withdraw("ATTENDANCE", "ATT_COMMENT")
    oakwood.report()
    deliver()
    assert rows(simulator) == [("T", LATE)]
    assert simulator.journal()[0]["att_comment"] is None
