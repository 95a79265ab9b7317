"""From event to row in Daily mode, against the simulator, on both engines."""

from __future__ import annotations

from tests.cast import Oakwood, statuses
from tests.delivery.conftest import Deliver
from vmps.models import Attempt, Outcome, Student, Writeback
from vmps.simulator.control import Simulator


def test_an_accepted_event_becomes_a_row(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report()
    assert deliver() is False
    (row,) = simulator.journal()
    assert (row["att_code"], row["studentid"]) == ("T", 500)
    assert row["att_comment"] == "Late check-in 8:14 AM, Bus late"
    assert statuses() == {"successful": 1}


def test_the_student_is_resolved_once(oakwood: Oakwood, deliver: Deliver) -> None:
    oakwood.report()
    deliver()
    student = Student.get_by_id(oakwood.students[0].id)
    assert (student.ps_id, student.ps_dcid) == (500, 900)


def test_an_attempt_is_kept_with_what_was_sent(
    oakwood: Oakwood, deliver: Deliver
) -> None:
    oakwood.report()
    deliver()
    attempt = Attempt.get()
    assert attempt.outcome == Outcome.WRITTEN
    assert attempt.code == "T"
    assert attempt.finished_at is not None
    assert attempt.ps_row


def test_a_lane_of_many_is_written_in_batches(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    for student in range(50):
        oakwood.report(student)
    deliver()
    assert len(simulator.journal()) == 50
    assert simulator.calls()["batch_daily_time"] == 1
    assert Writeback.select().where(Writeback.status == "successful").count() == 50
