"""Reconciliation of a school day, against the simulator, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.cast import NOW, OAKWOOD_SEED, Oakwood
from tests.delivery.conftest import Deliver, Watch, end_of
from vmps.config import Settings
from vmps.models import (
    Attempt,
    EventType,
    Outcome,
    School,
    Student,
    StudentEvent,
    Writeback,
)
from vmps.services.difference import Difference
from vmps.services.enter_by_hand import enter_by_hand
from vmps.services.problems import Problem
from vmps.services.reconcile import Reconciliation, reconcile
from vmps.services.resend import resend
from vmps.services.school_changes import SchoolChanges
from vmps.services.schools import set_school
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

Compare = Callable[[], Reconciliation]
DAY = "2026-11-23"


@pytest.fixture
def compare(oakwood: Oakwood, settings: Settings) -> Compare:
    """Compare Oakwood's day."""
    return lambda: reconcile(
        School.get_by_id(oakwood.school.id), date.fromisoformat(DAY), settings, now=NOW
    )


def only(found: Reconciliation) -> Difference:
    (difference,) = found.differences
    return difference


def told(found: Reconciliation) -> tuple[str, ...]:
    one = only(found)
    return one.kind.value, one.student, one.ours, one.theirs


def test_what_was_delivered_agrees(
    oakwood: Oakwood, deliver: Deliver, compare: Compare
) -> None:
    for student in range(10):
        oakwood.report(student)
    deliver()
    found = compare()
    assert (found.events, found.differences, found.unchecked) == (10, (), 0)


def test_looking_writes_nothing(
    oakwood: Oakwood, compare: Compare, simulator: Simulator
) -> None:
    oakwood.report()
    compare()
    assert simulator.journal() == []
    assert Attempt.select().count() == 0


def test_a_row_that_was_taken_away_is_missing_and_resent(
    oakwood: Oakwood,
    deliver: Deliver,
    compare: Compare,
    simulator: Simulator,
    watch: Watch,
) -> None:
    oakwood.report()
    deliver()
    simulator.put_attendance(500, 1817, DAY, None)
    found = compare()
    assert told(found) == ("missing", "Lopez0, Maria0", "T", "")
    assert found.unexplained
    assert resend(oakwood.school, found.resendable, actor="test", now=NOW) == 1
    deliver()
    assert compare().differences == ()
    assert [r["att_code"] for r in simulator.journal()] == ["T", None, "T"]


def test_what_a_clerk_changed_since_is_different_and_not_resent(
    oakwood: Oakwood, deliver: Deliver, compare: Compare, simulator: Simulator
) -> None:
    oakwood.report()
    deliver()
    simulator.put_attendance(500, 1817, DAY, "S")
    found = compare()
    assert told(found) == ("different", "Lopez0, Maria0", "T", "S")
    assert found.resendable == ()


def test_what_failed_is_explained_by_the_log(
    oakwood: Oakwood, deliver: Deliver, compare: Compare
) -> None:
    Student.update(first_name="Anna", last_name="Novak").execute()
    oakwood.report()
    deliver()
    assert end_of() == ("failed", "wrong_student")
    assert compare().unexplained == ()


def test_what_was_sent_before_the_bells_changed_agrees(
    oakwood: Oakwood, deliver: Deliver, compare: Compare, simulator: Simulator
) -> None:
    oakwood.report()
    deliver()
    until_eight = [{"number": 1, "start": "06:00", "end": "08:00"}]
    school = OAKWOOD_SEED["schools"][0] | {"periods": until_eight}
    simulator.seed(OAKWOOD_SEED | {"schools": [school]})
    simulator.put_attendance(500, 1817, DAY, "T")
    assert compare().differences == ()
    simulator.put_attendance(500, 1817, DAY, "A")
    assert told(compare()) == ("different", "Lopez0, Maria0", "T", "A")


def test_what_came_after_the_last_bell_is_explained(
    oakwood: Oakwood, deliver: Deliver, compare: Compare, simulator: Simulator
) -> None:
    until_eight = [{"number": 1, "start": "06:00", "end": "08:00"}]
    school = OAKWOOD_SEED["schools"][0] | {"periods": until_eight}
    simulator.seed(OAKWOOD_SEED | {"schools": [school]})
    oakwood.report()
    deliver()
    assert end_of() == ("failed", "outside_day")
    assert compare().differences == ()


def test_what_waits_is_explained(oakwood: Oakwood, compare: Compare) -> None:
    oakwood.report()
    found = compare()
    assert only(found).explanation == "Waits to be sent."
    assert found.resendable == ()


def test_a_void_that_left_its_row_is_extra(
    oakwood: Oakwood, deliver: Deliver, compare: Compare, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    assert event
    void_event(event, actor="test", now=NOW)
    deliver()
    simulator.put_attendance(500, 1817, DAY, "T")
    assert told(compare()) == ("extra", "Lopez0, Maria0", "", "T")


def test_a_void_that_did_not_put_the_absence_back_is_extra(
    oakwood: Oakwood, deliver: Deliver, compare: Compare, simulator: Simulator
) -> None:
    changes = SchoolChanges(replaceable=["A"])
    set_school(oakwood.school, changes, actor="test", now=NOW)
    simulator.put_attendance(500, 1817, DAY, "A")
    event = oakwood.report().event
    deliver()
    void_event(event or 0, actor="test", now=NOW)
    deliver()
    simulator.put_attendance(500, 1817, DAY, "T")
    assert told(compare()) == ("extra", "Lopez0, Maria0", "A", "T")


def by_hand(event: int | None) -> None:
    """A person says that this event, which failed, stands in PowerSchool."""
    row = Writeback.get(Writeback.event == event)
    Writeback.update(status="failed").where(Writeback.id == row.id).execute()
    enter_by_hand(row.id, actor="test", now=NOW)


def test_what_was_entered_by_hand_and_is_not_there_is_shown_and_not_resent(
    oakwood: Oakwood, compare: Compare, simulator: Simulator
) -> None:
    by_hand(oakwood.report().event)
    found = compare()
    assert told(found) == ("by_hand", "Lopez0, Maria0", "T", "")
    assert (len(found.unexplained), found.resendable) == (1, ())
    simulator.put_attendance(500, 1817, DAY, "A")
    assert compare().differences == ()


def test_without_a_code_its_reason_is_told(oakwood: Oakwood, compare: Compare) -> None:
    by_hand(oakwood.report(reason="Dog").event)
    assert told(compare()) == ("by_hand", "Lopez0, Maria0", "Dog", "")


def test_nobody_s_row_is_asked_for_without_a_student(
    oakwood: Oakwood, compare: Compare
) -> None:
    Student.update(first_name="Anna", last_name="Novak").execute()
    by_hand(oakwood.report().event)
    assert compare().differences == ()


def test_an_entry_that_was_voided_or_overtaken_needs_no_row(
    oakwood: Oakwood, deliver: Deliver, compare: Compare
) -> None:
    event = oakwood.report().event
    by_hand(event)
    out = {"type": EventType.EARLY_CHECK_OUT, "reason": "Dentist"}
    oakwood.report(external_id="out", occurred_at=NOW + timedelta(minutes=1), **out)
    assert told(compare())[0] == "missing"
    void_event(event or 0, actor="test", now=NOW)
    assert told(compare())[0] == "missing"


def test_somebody_else_s_tardy_is_extra_and_explained(
    oakwood: Oakwood, compare: Compare, simulator: Simulator
) -> None:
    simulator.put_attendance(510, 1817, DAY, "T")
    found = compare()
    assert told(found) == ("extra", "PowerSchool student 510", "", "T")
    assert found.unexplained == ()


def test_a_row_that_looks_like_ours_without_an_event_is_not_explained(
    oakwood: Oakwood, compare: Compare, simulator: Simulator
) -> None:
    simulator.put_attendance(
        510, 1817, DAY, "T", att_comment="Late check-in 8:14 AM, Bus late"
    )
    assert len(compare().unexplained) == 1


def test_an_attempt_that_says_written_proves_nothing(
    oakwood: Oakwood, deliver: Deliver, compare: Compare, simulator: Simulator
) -> None:
    oakwood.report()
    deliver()
    simulator.seed(OAKWOOD_SEED)
    assert Attempt.get().outcome == Outcome.WRITTEN
    assert len(compare().unexplained) == 1


def test_other_schools_and_days_are_left_out(
    oakwood: Oakwood, deliver: Deliver, compare: Compare
) -> None:
    oakwood.report()
    deliver()
    StudentEvent.update(school_day="2026-11-20").execute()
    assert compare().events == 1  # the writeback's day counts


def test_a_school_without_a_mode_is_told_so(oakwood: Oakwood, compare: Compare) -> None:
    School.update(mode=None).execute()
    with pytest.raises(Problem, match="Choose the school's attendance mode first"):
        compare()
