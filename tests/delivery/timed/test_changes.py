"""Voids, corrections and clerks' rows in Time mode."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import NOW, Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of
from tests.delivery.timed.school import DAY, LATE, leave, rows
from vmps.models import School, Writeback
from vmps.services.correct import correct_event
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.school_changes import SchoolChanges
from vmps.services.schools import set_school
from vmps.services.void import void_event
from vmps.simulator.control import Simulator


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


def test_a_void_gives_back_a_row_that_was_changed_without_an_answer(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    changes = SchoolChanges(replaceable=["A"])
    set_school(oakwood.school, changes, actor="test", now=NOW)
    simulator.put_attendance(
        500, 1817, DAY, "A", att_mode_code="ATT_ModeTime", total_minutes=180
    )
    simulator.faults([{"kind": "commit_then_timeout", "on": "write", "times": 1}])
    event = oakwood.report().event
    deliver()
    watch.advance(minutes=2)
    deliver()
    assert simulator.fired()[0]["fired"] == 1
    assert rows(simulator) == [("T", LATE)]
    void_event(event or 0, actor="test", now=watch.now)
    deliver()
    assert rows(simulator) == [("A", 180)]
    assert end_of() == ("successful", "voided")


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
