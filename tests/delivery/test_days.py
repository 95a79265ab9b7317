"""Several events of a student, voids at every moment, and the school's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import NOW, Oakwood, statuses
from tests.delivery.conftest import Deliver, Watch, codes_written, end_of, outcomes
from tests.delivery.under_way import under_way
from vmps.models import EventType, School, Writeback
from vmps.services.ask_change import ask_restore
from vmps.services.restore import restore_event
from vmps.services.schools import SchoolChanges, set_school
from vmps.services.void import void_event
from vmps.simulator.control import Simulator

OUT: dict[str, Any] = {
    "type": EventType.EARLY_CHECK_OUT,
    "reason": "Dentist",
    "occurred_at": NOW + timedelta(hours=5),
    "external_id": "out",
}


def void(event: int | None) -> None:
    """Void an event as an admin does."""
    assert event
    void_event(event, actor="test", now=NOW)


@pytest.mark.parametrize("is_sent_between", [True, False])
def test_a_void_that_is_taken_back_stands_as_before(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, is_sent_between: bool
) -> None:
    event = oakwood.report().event
    deliver()
    void(event)
    if is_sent_between:
        deliver()
    restore_event(event or 0, actor="test", now=NOW)
    deliver()
    between = [None, "T"] if is_sent_between else []
    assert codes_written(simulator) == ["T", *between]
    (row,) = simulator.attendance(schoolid=1817)
    assert row["att_comment"] == "Late check-in 8:14 AM, Bus late"
    assert end_of()[0] == "successful"


def test_what_a_void_put_back_is_replaced_again(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    School.update(replaceable_codes='["A"]').execute()
    simulator.put_attendance(500, 1817, "2026-11-23", "A")
    event = oakwood.report().event
    deliver()
    void(event)
    deliver()
    (told, _) = ask_restore(event or 0, now=NOW).foreseen
    assert told == "PowerSchool's A becomes T."
    restore_event(event or 0, actor="test", now=NOW)
    deliver()
    assert codes_written(simulator)[-3:] == ["T", "A", "T"]
    assert end_of() == ("successful", None)


def test_two_events_of_a_day_make_one_row(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    first, last = oakwood.report().event, oakwood.report(**OUT).event
    deliver()
    assert codes_written(simulator) == ["ED"]
    assert end_of(first) == ("successful", "covered")
    assert end_of(last) == ("successful", None)


def test_events_that_arrive_out_of_order_end_alike(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    last = oakwood.report(**OUT).event
    deliver()
    first = oakwood.report().event
    deliver()
    assert codes_written(simulator)[-1] == "ED"
    assert Writeback.get(Writeback.event == first).covered_by_id == last
    assert len(simulator.attendance(schoolid=1817)) == 1


def test_two_days_of_a_student_are_both_recorded(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    simulator.faults(
        [{"kind": "late_commit", "on": "write", "seconds": 0.4, "skip": 1}]
    )
    oakwood.report()
    oakwood.report(occurred_at=NOW - timedelta(days=3), external_id="friday")
    deliver()
    assert statuses() == {"successful": 2}
    assert outcomes() == ["written", "written"]
    assert simulator.fired()[0]["fired"] == 1


def test_a_void_before_sending_sends_nothing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    void(event)
    deliver()
    assert end_of() == ("successful", "voided")
    assert simulator.calls() == {}


def test_a_void_after_sending_takes_it_back(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    event = oakwood.report().event
    deliver()
    void(event)
    deliver()
    assert codes_written(simulator) == ["T", None]
    assert simulator.journal()[-1]["att_comment"] is None
    assert end_of() == ("successful", "voided")


def test_a_void_puts_back_what_a_clerk_had_marked(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    set_school(oakwood.school, SchoolChanges(replaceable=["A"]), actor="test", now=NOW)
    simulator.put_attendance(500, 1817, NOW.date().isoformat(), "A")
    first = oakwood.report().event
    deliver()
    void(first)
    deliver()
    again = oakwood.report(external_id="again").event
    deliver()
    simulator.faults([{"kind": "commit_then_timeout", "on": "write", "times": 1}])
    void(again)
    deliver()
    watch.advance(minutes=2)
    deliver()
    assert codes_written(simulator) == ["T", "A", "T", "A"]
    assert simulator.fired()[0]["fired"] == 1
    assert end_of(first) == end_of(again) == ("successful", "voided")
    assert Writeback.get(Writeback.event == first).detail == "A is back"


def test_what_a_void_put_back_is_the_clerk_s_again(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    changes = SchoolChanges(replaceable=["A"])
    set_school(oakwood.school, changes, actor="test", now=NOW)
    simulator.put_attendance(500, 1817, NOW.date().isoformat(), "A")
    void(oakwood.report().event)
    event = oakwood.report(external_id="second").event
    deliver()
    void(event)
    deliver()
    changes = SchoolChanges(replaceable=[])
    set_school(oakwood.school, changes, actor="test", now=NOW)
    third = oakwood.report(external_id="third").event
    deliver()
    assert codes_written(simulator) == ["T", "A"]
    assert end_of(third) == ("failed", "already_marked")


def test_a_void_of_the_winner_lets_the_other_stand_again(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    first, last = oakwood.report().event, oakwood.report(**OUT).event
    deliver()
    void(last)
    deliver()
    assert codes_written(simulator) == ["ED", "T"]
    assert end_of(first) == ("successful", None)
    assert end_of(last) == ("successful", "voided")


def test_a_code_written_on_another_event_s_claim_is_ours_to_take_back(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, watch: Watch
) -> None:
    simulator.faults([{"kind": "status", "on": "read", "times": 1}])
    last = oakwood.report(**OUT).event
    deliver()  # in back-off, nothing was sent
    oakwood.report()
    deliver()
    watch.advance(seconds=10)
    deliver()
    void(last)
    deliver()
    assert codes_written(simulator) == ["ED", "T"]
    assert simulator.fired()[0]["fired"] == 1


@pytest.mark.parametrize("endpoint", ["daily_time", "table:attendance"])
def test_a_void_while_it_is_under_way_ends_with_nothing_standing(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator, endpoint: str
) -> None:
    event = oakwood.report().event
    with under_way(deliver, simulator, endpoint):
        void(event)
    deliver()
    assert end_of() == ("successful", "voided")
    assert codes_written(simulator) in ([], ["T", None])
    assert "started" not in outcomes()


def test_a_school_disabled_while_its_event_is_read_is_not_written(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report()
    school = School.get_by_id(oakwood.school.id)
    with under_way(deliver, simulator, "table:attendance"):
        set_school(school, SchoolChanges(is_enabled=False), actor="test", now=NOW)
    assert end_of() == ("not_sent", "school_disabled")
    assert simulator.journal() == []


def test_an_event_that_arrives_while_another_is_written_waits_for_it(
    oakwood: Oakwood, deliver: Deliver, simulator: Simulator
) -> None:
    oakwood.report()
    with under_way(deliver, simulator, "daily_time"):
        oakwood.report(**OUT)
    deliver()
    assert codes_written(simulator) == ["T", "ED"]
    assert statuses() == {"successful": 2}


@pytest.mark.parametrize(
    ("zone", "at", "day", "line"),
    [
        ("America/Chicago", (2026, 10, 30, 13, 14), "2026-10-30", "8:14 AM"),
        ("America/Chicago", (2026, 11, 2, 14, 14), "2026-11-02", "8:14 AM"),
        ("America/Chicago", (2027, 3, 12, 14, 14), "2027-03-12", "8:14 AM"),
        ("America/Chicago", (2027, 3, 15, 13, 14), "2027-03-15", "8:14 AM"),
        ("America/Phoenix", (2027, 3, 15, 15, 14), "2027-03-15", "8:14 AM"),
        ("Pacific/Honolulu", (2026, 11, 24, 5, 0), "2026-11-23", "7:00 PM"),
        ("Pacific/Guam", (2026, 11, 22, 22, 14), "2026-11-23", "8:14 AM"),
    ],
)
def test_the_day_and_the_time_are_the_school_s(  # noqa: PLR0917 a case of the table
    oakwood: Oakwood,
    deliver: Deliver,
    simulator: Simulator,
    zone: str,
    at: tuple[int, ...],
    day: str,
    line: str,
) -> None:
    School.update(timezone=zone).execute()
    year, month, day_of_month, hour, minute = at
    moment = datetime(year, month, day_of_month, hour, minute, tzinfo=UTC)
    oakwood.report(occurred_at=moment)
    deliver()
    (row,) = simulator.journal()
    assert row["att_date"] == day
    assert row["att_comment"] == f"Late check-in {line}, Bus late"
