"""The rush goes where it succeeds: to schools that write, for students in order."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOW
from tests.demo.places import Place
from vmps.demo.folder import DemoError
from vmps.demo.morning import KioskEvent, Morning, plan_morning
from vmps.models import School, Status, Student, Writeback

MORNING = NOW.astimezone(ZoneInfo("America/Chicago"))


@pytest.fixture
def morning(place: Place) -> Morning:
    """One rush."""
    return plan_morning(place.district, MORNING)


def events_of(morning: Morning) -> list[KioskEvent]:
    return [*morning.check_ins, *morning.check_outs]


def test_only_schools_that_write_report(morning: Morning) -> None:
    numbers = {event.school_number for event in events_of(morning)}
    schools = list(School.select().where(School.number.in_(numbers)))
    assert len(schools) == 3
    assert all(school.is_enabled and school.mode == "daily" for school in schools)


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
