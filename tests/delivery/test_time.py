"""From event to row in Time mode, against the simulator, on both engines."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, end_of, outcomes
from vmps.models import EventType, School, Writeback
from vmps.services.correct import correct_event
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

DAY = "2026-11-23"
#: Six classes of 50 minutes from 8:00, ten minutes apart.
PERIODS = [
    {
        "number": n,
        "name": f"Period {n}",
        "start": f"{7 + n:02}:00",
        "end": f"{7 + n}:50",
    }
    for n in range(1, 7)
]
#: 8:14:05 to 8:50, and five classes.
LATE = 285


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    """Oakwood's PowerSchool, whose school keeps attendance by time."""
    seed = copy.deepcopy(OAKWOOD_SEED)
    seed["schools"][0] |= {
        "attendance_mode": "time",
        "periods": PERIODS,
        "half_days": ["2026-11-24"],
    }
    shared_simulator.seed(seed)
    shared_simulator.reset_calls()
    return shared_simulator


@pytest.fixture(autouse=True)
def _time_mode(oakwood: Oakwood) -> None:
    School.update(mode="time").execute()


def rows(simulator: Simulator, day: str = DAY) -> list[tuple[Any, ...]]:
    """Return code and minutes of the day's rows as they stand."""
    found = {row["dcid"]: row for row in simulator.journal() if row["att_date"] == day}
    return [(row["att_code"], row["total_minutes"]) for row in found.values()]


def leave(oakwood: Oakwood, hours: float = 5, **more: Any) -> int:
    """Report that the student left; return the event."""
    result = oakwood.report(
        external_id="leave",
        type=EventType.EARLY_CHECK_OUT,
        reason="Dentist",
        occurred_at=NOW + timedelta(hours=hours),
        now=NOW + timedelta(hours=hours),
        **more,
    )
    assert result.event
    return result.event


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


def test_a_correction_changes_minutes_and_line_of_the_same_row(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = oakwood.report().event
    deliver()
    watch.advance(hours=1)
    at = NOW + timedelta(minutes=10)
    correct_event(event or 0, occurred_at=at, actor="test", now=watch.now)
    deliver()
    assert rows(simulator) == [("T", LATE - 10)]
    written = simulator.journal()[-1]
    comment = f"[vmps {event}]; Late check-in 8:24 AM, Bus late"
    assert (written["action"], written["att_comment"]) == ("UPDATE", comment)
    assert end_of() == ("successful", None)


def test_a_void_of_what_was_entered_by_hand_changes_the_minutes(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    came = oakwood.report(reason="No code").event
    deliver()
    written_by_hand = Writeback.get(Writeback.event == came).id
    enter_by_hand(written_by_hand, actor="test", now=watch.now)
    watch.advance(hours=5)
    left = leave(oakwood)
    deliver()
    assert rows(simulator) == [("ED", 250)]
    void_event(came or 0, actor="test", now=watch.now)
    deliver()
    assert rows(simulator) == [("ED", 264)]
    assert end_of(left) == ("successful", None)


def test_a_correction_of_what_was_not_sent_changes_the_minutes(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    School.update(is_enabled=False).execute()
    came = oakwood.report().event
    School.update(is_enabled=True).execute()
    watch.advance(hours=5)
    leave(oakwood)
    deliver()
    assert rows(simulator) == [("ED", 250)]
    at = NOW + timedelta(minutes=10)
    correct_event(came or 0, occurred_at=at, actor="test", now=watch.now)
    deliver()
    assert rows(simulator) == [("ED", 240)]
    assert end_of(came) == ("not_sent", "school_disabled")


def test_a_clerk_s_row_beside_our_emptied_one_is_not_doubled(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    event = oakwood.report().event
    deliver()
    void_event(event or 0, actor="test", now=watch.now)
    deliver()
    simulator.put_attendance(
        500, 1817, DAY, "T", att_mode_code="ATT_ModeTime", total_minutes=LATE
    )
    watch.advance(minutes=5)
    oakwood.report(external_id="again", occurred_at=watch.now, now=watch.now)
    deliver()
    assert rows(simulator) == [(None, 0), ("T", LATE)]
    watch.advance(hours=5)
    leave(oakwood)
    deliver()
    assert rows(simulator) == [(None, 0), ("ED", 245)]
