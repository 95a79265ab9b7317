"""The query in the plugin's ZIP: what PowerSchool's own checks ask of its file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from vmps.powerschool.plugin import (
    ACCESS_REQUEST,
    STUDENTS_FILE,
    STUDENTS_LISTED,
    query_files,
)
from vmps.powerschool.plugin.queries import LONGEST_LIST, lists_of
from vmps.powerschool.rows import STUDENT_COLUMNS

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "named_queries.xsd"))
XML = query_files()[STUDENTS_FILE]
QUERY = etree.fromstring(XML.encode()).find("query")
SQL = QUERY.findtext("sql")
GRANTED = {f"{r.grant.table}.{r.grant.field}" for r in ACCESS_REQUEST}


def test_the_schema_takes_it() -> None:
    SCHEMA.validate(etree.fromstring(XML.encode()))
    assert [error.message for error in SCHEMA.error_log] == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (STUDENTS_LISTED, "com.vmps.attendance.students_listed"),
        (STUDENTS_LISTED, "com.powerschool.core.student.students_listed"),
        ("<queries>", '<queries xmlns="http://plugin.powerschool.pearson.com">'),
        ('type="primitive"', 'type="list"'),
        ('flattened="true"', 'flattened="false"'),
        (' coreTable="students"', ""),
        ("<summary>", f"<summary>{'s' * 50}"),
        (">dcid<", ">id<"),
        (">dcid<", ">students.dcid<"),
        ('column="STUDENTS.DCID"', 'column="DCID"'),
    ],
)
def test_the_schema_refuses_what_powerschool_does(good: str, bad: str) -> None:
    assert good in XML
    assert not SCHEMA.validate(etree.fromstring(XML.replace(good, bad).encode()))


def test_its_columns_are_those_of_a_student_in_the_order_of_the_select() -> None:
    columns = [(column.get("column"), column.text) for column in QUERY.iter("column")]
    selected = re.findall(r"(students\.\w+) as (\w+)", SQL)
    assert [(place.lower(), alias) for place, alias in columns] == selected
    assert tuple(alias for _place, alias in columns) == STUDENT_COLUMNS
    assert "order by students.dcid" in SQL


def test_every_bind_is_declared_and_stands_once() -> None:
    """An undeclared one installs silently, and then the query is never found."""
    binds = re.findall(r":(\w+)", SQL)
    assert sorted(binds) == sorted(arg.get("name") for arg in QUERY.iter("arg"))


def test_every_column_that_it_touches_is_in_the_access_request() -> None:
    touched = set(re.findall(r"students\.\w+", SQL))
    touched |= {one.get("column") for one in QUERY.iter("column", "arg")}
    assert {place.upper() for place in touched} <= GRANTED


def test_powerschool_s_own_tags_are_not_in_it() -> None:
    assert "~" not in SQL
    assert "<" not in SQL


@given(some.lists(some.integers(0, 10**18), max_size=900))
def test_lists_hold_each_number_once_and_fit_a_text_of_oracle(
    numbers: list[int],
) -> None:
    texts = lists_of(numbers)
    assert all(0 < len(text) <= LONGEST_LIST < 3998 for text in texts)
    told = [int(number) for text in texts for number in text.split(",")]
    assert told == sorted(set(numbers))


def test_a_chunk_of_a_drain_is_one_call() -> None:
    assert len(lists_of(range(10**17, 10**17 + 200))) == 1
