"""The rush goes where it succeeds: to schools that write, for students in order."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOW
from tests.demo.places import Place
from vmps.demo.folder import DemoError
from vmps.demo.morning import KioskEvent, Morning, plan_morning
from vmps.models import AttendanceMode, School, Status, Student, Writeback

ZONE = ZoneInfo("America/Chicago")
MORNING = NOW.astimezone(ZONE)


@pytest.fixture
def morning(place: Place) -> Morning:
    """One rush."""
    return plan_morning(place.district, MORNING)


def events_of(morning: Morning) -> list[KioskEvent]:
    return [*morning.check_ins, *morning.check_outs]


def times_of(events: list[KioskEvent]) -> list[datetime]:
    return [datetime.fromisoformat(event.timestamp) for event in events]


def test_only_schools_that_write_report(morning: Morning) -> None:
    numbers = {event.school_number for event in events_of(morning)}
    schools = list(School.select().where(School.number.in_(numbers)))
    assert {school.mode for school in schools} == {*AttendanceMode}
    assert len(schools) == 3
    assert all(school.is_enabled for school in schools)


@pytest.mark.parametrize(
    ("clock", "day", "late", "early"),
    [
        ("2026-11-25T16:00", "2026-11-25", ("08:00", "10:30"), ("12:00", "14:25")),
        ("2026-11-25T11:00", "2026-11-25", ("08:00", "10:30"), ("10:55", "11:00")),
        ("2026-11-25T08:05", "2026-11-25", ("08:00", "08:05"), ("08:00", "08:05")),
        ("2026-11-25T08:04", "2026-11-24", ("08:00", "10:30"), ("12:00", "14:25")),
        ("2026-11-28T02:00", "2026-11-27", ("08:00", "10:30"), ("12:00", "14:25")),
        ("2026-11-29T23:59", "2026-11-29", ("08:00", "10:30"), ("12:00", "14:25")),
        ("2026-11-01T01:30", "2026-10-31", ("08:00", "10:30"), ("12:00", "14:25")),
    ],
)
def test_events_happened_in_school_hours_that_are_over(
    place: Place,
    clock: str,
    day: str,
    late: tuple[str, str],
    early: tuple[str, str],
) -> None:
    now = datetime.fromisoformat(clock).replace(tzinfo=ZONE)
    morning = plan_morning(place.district, now)
    assert morning.day.isoformat() == day
    for events, (first, last) in (
        (morning.check_ins, late),
        (morning.check_outs, early),
    ):
        times = times_of(events)
        assert {moment.date() for moment in times} == {morning.day}
        assert first <= f"{min(times):%H:%M}"
        assert max(times) < datetime.fromisoformat(f"{day}T{last}").replace(tzinfo=ZONE)
        assert max(times) <= now


def test_everybody_comes_once_and_nobody_who_failed_before(morning: Morning) -> None:
    ids = [event.student_id for event in events_of(morning)]
    failed = Writeback.select(Writeback.student).where(
        Writeback.status == Status.FAILED
    )
    known = {row.sis_id for row in Student.select().where(Student.id.in_(failed))}
    assert len(ids) == len(set(ids)) == 360
    assert known
    assert not known & set(ids)


def test_the_odd_ones_repeat_and_name_a_stranger(morning: Morning) -> None:
    twice, late_again, stranger = morning.odd
    assert twice == morning.check_ins[0]
    assert late_again.student_id == morning.check_ins[1].student_id
    assert late_again.id != morning.check_ins[1].id
    assert stranger.student_id == "nobody"


def test_a_rush_without_a_school_to_report_for_says_what_to_do(place: Place) -> None:
    nowhere = type(place.district)(id=place.district.id + 1)
    with pytest.raises(DemoError, match="set one up"):
        plan_morning(nowhere, MORNING)
