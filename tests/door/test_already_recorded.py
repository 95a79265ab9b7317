"""Already recorded: the day's last event at or before this one has the same type."""

from __future__ import annotations

import pytest

from tests.cast import Oakwood, make_kiosk
from vmps.models import StudentEvent
from vmps.services.void import void_event

from .desk import Desk, early, late


def at(time: str) -> str:
    return f"2026-11-23T{time}:00-06:00"


def test_a_later_report_of_the_same_is_already_recorded(desk: Desk) -> None:
    first = desk.result(late(timestamp=at("07:50")))
    again = desk.result(late(timestamp=at("08:10"), reason="Overslept"))
    assert (again["status"], again["event"]) == ("already_recorded", first["event"])
    assert again["detail"] == "Late Check-in was recorded at 7:50 AM."
    assert StudentEvent.select().count() == 1


def test_the_same_moment_is_already_recorded(desk: Desk) -> None:
    desk.result(late())
    assert desk.result(late())["status"] == "already_recorded"


def test_an_earlier_time_than_the_first_is_accepted(desk: Desk) -> None:
    desk.result(late(timestamp=at("08:00")))
    earlier = desk.result(late(timestamp=at("07:59")))
    assert earlier["status"] == "accepted"


def test_the_last_event_before_is_the_one_that_counts(desk: Desk) -> None:
    first = desk.result(late(timestamp=at("07:50")))
    desk.result(late(timestamp=at("07:40")))
    again = desk.result(late(timestamp=at("08:00")))
    assert again["event"] == first["event"]


def test_out_and_in_again_is_a_new_event(desk: Desk) -> None:
    desk.result(late(timestamp=at("07:50")))
    assert desk.result(early(timestamp=at("08:00")))["status"] == "accepted"
    assert desk.result(late(timestamp=at("08:10")))["status"] == "accepted"
    again = desk.result(early(timestamp=at("08:12")))
    assert again["status"] == "accepted"


def test_a_late_report_between_two_others_is_compared_with_the_one_before(
    desk: Desk,
) -> None:
    desk.result(late(timestamp=at("07:00")))
    desk.result(early(timestamp=at("08:00")))
    assert desk.result(late(timestamp=at("07:30")))["status"] == "already_recorded"
    assert desk.result(early(timestamp=at("07:30")))["status"] == "accepted"


def test_a_voided_event_does_not_count(desk: Desk) -> None:
    first = desk.result(late(timestamp=at("07:50")))
    void_event(first["event"], actor="test", now=desk.clock[0])
    again = desk.result(late(timestamp=at("08:00")))
    assert again["status"] == "accepted"


def test_a_void_in_between_brings_the_event_before_it_back(desk: Desk) -> None:
    first = desk.result(late(timestamp=at("07:50")))
    out = desk.result(early(timestamp=at("08:00")))
    void_event(out["event"], actor="test", now=desk.clock[0])
    again = desk.result(late(timestamp=at("08:10")))
    assert (again["status"], again["event"]) == ("already_recorded", first["event"])


def test_another_student_is_another_event(desk: Desk) -> None:
    desk.result(late("900"))
    assert desk.result(late("901"))["status"] == "accepted"


def test_another_day_is_another_event(desk: Desk) -> None:
    desk.result(late(timestamp="2026-11-20T08:00:00-06:00"))
    assert desk.result(late())["status"] == "accepted"


def test_two_kiosks_see_each_others_events(desk: Desk, oakwood: Oakwood) -> None:
    make_kiosk(oakwood.district, [oakwood.school], "ksk_back_door")
    first = desk.result(late())
    again = Desk(desk.app, "ksk_back_door").result(late())
    assert (again["status"], again["event"]) == ("already_recorded", first["event"])


@pytest.mark.parametrize(
    ("moment", "said"),
    [("2026-11-23T06:05:00Z", "12:05 AM"), ("2026-11-22T18:30:00Z", "12:30 PM")],
)
def test_the_first_time_is_told_in_the_schools_clock(
    desk: Desk, moment: str, said: str
) -> None:
    desk.result(early(timestamp=moment))
    again = desk.result(early(timestamp=moment))
    assert again["detail"] == f"Early Check-out was recorded at {said}."
