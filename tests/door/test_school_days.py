"""The school day is the school's own date, whatever offset the kiosk sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import Oakwood
from vmps.models import School, StudentEvent

from .desk import Desk, late

CASES = [
    # Chicago is 6 hours behind in winter, 5 in summer.
    ("America/Chicago", "2026-11-23T05:59:59Z", "2026-11-22"),
    ("America/Chicago", "2026-11-23T06:00:00Z", "2026-11-23"),
    ("America/Chicago", "2026-11-24T05:59:59.999999Z", "2026-11-23"),
    ("America/Chicago", "2026-11-23T23:30:00+14:00", "2026-11-23"),
    ("America/Chicago", "2026-11-24T01:00:00+05:45", "2026-11-23"),
    # 1 November 2026: the clocks go back, the day has 25 hours.
    ("America/Chicago", "2026-11-01T04:59:59Z", "2026-10-31"),
    ("America/Chicago", "2026-11-01T05:00:00Z", "2026-11-01"),
    ("America/Chicago", "2026-11-02T05:59:59Z", "2026-11-01"),
    ("America/Chicago", "2026-11-02T06:00:00Z", "2026-11-02"),
    # 8 March 2026: they go forward, the day has 23 hours.
    ("America/Chicago", "2026-03-08T05:59:59Z", "2026-03-07"),
    ("America/Chicago", "2026-03-09T04:59:59Z", "2026-03-08"),
    ("America/Chicago", "2026-03-09T05:00:00Z", "2026-03-09"),
    ("Pacific/Honolulu", "2026-11-23T09:59:59Z", "2026-11-22"),
    ("Pacific/Kiritimati", "2026-11-23T10:00:00Z", "2026-11-24"),
    ("Asia/Kathmandu", "2026-11-23T18:15:00Z", "2026-11-24"),
    ("America/Phoenix", "2026-07-01T06:59:59Z", "2026-06-30"),
]


@pytest.mark.parametrize(("zone", "moment", "day"), CASES)
def test_the_school_day_is_the_date_on_the_schools_clock(
    desk: Desk, zone: str, moment: str, day: str
) -> None:
    School.update(timezone=zone).execute()
    happened = datetime.fromisoformat(moment)
    desk.set_clock(happened + timedelta(minutes=1))
    desk.result(late(timestamp=moment))
    event = StudentEvent.get()
    assert event.school_day == date.fromisoformat(day)
    assert event.occurred_at == happened
    assert event.writebacks.get().school_day == event.school_day


def test_a_school_without_a_zone_has_its_districts(
    desk: Desk, oakwood: Oakwood
) -> None:
    oakwood.district.timezone = "Asia/Kathmandu"
    oakwood.district.save()
    desk.result(late(timestamp="2026-11-22T18:20:00Z"))
    assert StudentEvent.get().school_day == date(2026, 11, 23)


def test_both_hours_of_the_long_night_are_one_day(desk: Desk) -> None:
    desk.set_clock(datetime(2026, 11, 1, 8, tzinfo=UTC))
    first = desk.result(late(timestamp="2026-11-01T01:30:00-05:00"))
    again = desk.result(late(timestamp="2026-11-01T01:10:00-06:00"))
    assert (again["status"], again["event"]) == ("already_recorded", first["event"])
    assert again["detail"] == "Late Check-in was recorded at 1:30 AM."


def test_midnight_ends_the_day(desk: Desk) -> None:
    desk.result(late(timestamp="2026-11-22T23:59:59-06:00"))
    assert desk.result(late(timestamp="2026-11-23T00:00:00-06:00"))["status"] == (
        "accepted"
    )
