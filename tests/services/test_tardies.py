"""Tardy settings: what is read from a form, and counting late check-ins of a year."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playhouse.test_utils import count_queries

from tests.cast import NOW, make_district, make_school
from tests.owed import enroll, owe
from vmps.models import EventType, School, Student, StudentEvent
from vmps.services.count_tardies import PAGE_SIZE, Tardies, count_tardies
from vmps.services.problems import Problem
from vmps.services.tardies import parse_threshold, parse_time
from vmps.words import say_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8:10", time(8, 10)),
        (" 08:10 ", time(8, 10)),
        ("8:10 AM", time(8, 10)),
        ("8.10 a.m.", time(8, 10)),
        ("8am", time(8, 0)),
        ("12:05 AM", time(0, 5)),
        ("12:05pm", time(12, 5)),
        ("1:05 PM", time(13, 5)),
        ("13:05", time(13, 5)),
        ("0:00", time(0, 0)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_time_is_read(text: str, expected: time | None) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    ["8", "25:00", "8:60", "13:05 PM", "0:10 AM", "8:1", "ten", "8:10 XM", "٨:١٠"],
)
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Problem, match="Write it like 8:10 AM or 13:05"):
        parse_time(text)


@given(st.times().map(lambda value: value.replace(second=0, microsecond=0)))
def test_every_time_that_is_shown_is_read_again(value: time) -> None:
    value = value.replace(tzinfo=None)
    assert parse_time(say_time(value)) == value
    assert parse_time(value.isoformat("minutes")) == value


def test_a_threshold_is_a_whole_number() -> None:
    assert [parse_threshold(text) for text in (" 5 ", "", "365")] == [5, None, 365]
    for text in ("0", "-1", "2.5", "366", "9" * 5000, "²", "five"):
        with pytest.raises(Problem, match="whole number from 1 to 365"):
            parse_threshold(text)


# Counting


@pytest.fixture
def school(settings: object) -> School:
    """A school where three tardies call for attention."""
    return make_school(make_district(), tardy_alert_threshold=3)


def student(school: School, days: int, **more: object) -> Student:
    """Enroll a student who was late on so many days."""
    found = enroll(school)
    for days_ago in range(days):
        owe(school, student=found, days_ago=days_ago, **more)
    return found


def counted(school: School, page: int = 1) -> Tardies:
    found = count_tardies(School.get_by_id(school.id), page=page, now=NOW)
    assert found
    return found


def test_students_at_or_above_the_threshold_are_listed_most_late_first(
    school: School,
) -> None:
    _, three, five = student(school, 2), student(school, 3), student(school, 5)
    found = counted(school)
    assert [(row.student.id, row.count) for row in found.rows] == [
        (five.id, 5),
        (three.id, 3),
    ]
    assert (found.year, found.total) == ("2026-27", 2)


def test_without_a_threshold_nobody_is(school: School) -> None:
    student(school, 5)
    School.update(tardy_alert_threshold=None).execute()
    assert count_tardies(School.get_by_id(school.id), now=NOW) is None


def test_voids_early_check_outs_and_last_year_do_not_count(school: School) -> None:
    late = student(school, 2)
    owe(school, student=late, voided_at=NOW)
    owe(school, student=late, type=EventType.EARLY_CHECK_OUT)
    owe(school, student=late, days_ago=200)  # May
    assert counted(school).rows == []


def test_check_ins_before_the_time_are_no_tardies(school: School) -> None:
    late = student(school, 3)  # 8:14 in Chicago
    School.update(late_check_in_time="08:15").execute()
    assert counted(school).rows == []
    School.update(late_check_in_time="08:14").execute()
    assert [row.student.id for row in counted(school).rows] == [late.id]


def test_the_time_is_the_wall_clock_s_in_summer_too(school: School) -> None:
    School.update(late_check_in_time="08:10", tardy_alert_threshold=1).execute()
    late = student(school, 0)
    summer = datetime(2026, 9, 1, 13, 12, tzinfo=UTC)  # 8:12 in Chicago
    owe(school, student=late, occurred_at=summer)
    assert counted(school).total == 1
    StudentEvent.update(occurred_at=datetime(2026, 9, 1, 13, 8, tzinfo=UTC)).execute()
    assert counted(school).total == 0


def test_another_school_s_check_ins_do_not_count(school: School) -> None:
    other = make_school(school.district, "1818")
    late = student(school, 2)
    owe(other, student=late)
    assert counted(school).rows == []


def test_a_long_list_has_pages(school: School) -> None:
    School.update(tardy_alert_threshold=1).execute()
    for _ in range(PAGE_SIZE + 1):
        student(school, 1)
    first, last = counted(school), counted(school, page=9)
    assert (first.pages, len(first.rows)) == (2, PAGE_SIZE)
    assert (last.page, len(last.rows)) == (2, 1)


def test_counting_costs_the_same_however_many_there_are(school: School) -> None:
    for _ in range(20):
        student(school, 3)
    loaded = School.get_by_id(school.id)
    assert loaded.zone  # takes a query of its own
    with count_queries(only_select=True) as queries:
        count_tardies(loaded, now=NOW)
    assert queries.count == 4
