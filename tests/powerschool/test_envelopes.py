"""PowerSchool's envelopes in all the shapes they come in."""

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vmps.powerschool import MalformedAnswer, Rejected
from vmps.powerschool.access import access_of
from vmps.powerschool.envelopes import day, flag, integer, rows_of, text
from vmps.powerschool.meeting_writes import meeting_results_of
from vmps.powerschool.rows import attendance_of, code_of, student_of
from vmps.powerschool.templates import meetings_of
from vmps.powerschool.transport import Answer
from vmps.powerschool.writes import outcomes_of

KEYS = some.sampled_from(
    [
        *("record", "tables", "attendance", "id", "_id", "studentid", "yearid"),
        *("message", "errors", "result", "status", "success_message"),
        *("error_message", "error", "insert_count", "update_count", "action"),
        *("ccid", "periodid", "start_time", "end_time", "att_mode_code"),
        *("columns", "name", "access"),
    ]
)
LEAVES = some.sampled_from([None, True, -1, 0, 1, 2.5, "", "1", "x", "SUCCESS"])
SHAPES = some.recursive(
    LEAVES,
    lambda inner: (
        some.lists(inner, max_size=2) | some.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
SOME_SHAPES = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize(
    "payload",
    [
        {"record": [{"id": 5, "tables": {"students": {"id": "7"}}}]},
        {"record": [{"id": "5", "tables": {"STUDENTS": {"ID": 7}}}]},
        {"record": {"id": 5, "tables": {"students": {"Id": "7"}}}},
        {"record": [{"id": 5, "tables": {"students": [{"id": "7"}]}}]},
        {"id": 5, "name": "students", "tables": {"students": {"id": "7"}}},
    ],
)
def test_a_row_is_the_same_in_every_envelope(payload: dict[str, Any]) -> None:
    (row,) = rows_of(payload)
    assert integer(row, "id") == 7
    assert integer(row, "@id") == 5


def test_a_flattened_query_has_its_columns_in_the_record() -> None:
    (row,) = rows_of({"record": [{"_name": "users", "_id": 12, "Last_Name": "x"}]})
    assert text(row, "last_name") == "x"
    assert integer(row, "@id") == 12


@pytest.mark.parametrize(
    "payload",
    [
        {"name": "attendance", "@extensions": ""},
        {"name": "attendance", "record": []},
        {"name": "attendance", "record": None},
        {"name": "attendance", "record": ""},
        {},
    ],
)
def test_no_rows_may_be_told_in_many_ways(payload: dict[str, Any]) -> None:
    assert rows_of(payload) == []


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "rows",
        {"message": "At least one column lacks sufficient permission"},
        {"errors": []},
        {"errorMessage": {"message": "no"}},
        {"record": "rows"},
        {"record": [1]},
        {"record": [{"id": 1, "tables": "none"}]},
        {"record": [{"id": 1, "tables": {"students": "none"}}]},
    ],
)
def test_an_error_is_not_read_as_no_rows(payload: Any) -> None:
    with pytest.raises(MalformedAnswer):
        rows_of(payload)


@pytest.mark.parametrize("value", ["36", 36, 36.0, "36.0", " 36 "])
def test_a_number_may_be_text(value: Any) -> None:
    assert integer({"yearid": value}, "yearid") == 36


@pytest.mark.parametrize("value", [None, "", "x", True, 3.5, [], {}, "nan", "1e999"])
def test_what_is_no_whole_number_is_malformed(value: Any) -> None:
    with pytest.raises(MalformedAnswer, match="yearid"):
        integer({"yearid": value}, "yearid")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-09-14", date(2026, 9, 14)),
        ("2026-09-14T00:00:00", date(2026, 9, 14)),
        ("0000-00-00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_may_be_missing_or_odd(value: Any, expected: date | None) -> None:
    assert day({"exitdate": value}, "exitdate") == expected


@pytest.mark.parametrize("value", ["1", 1, "true", True, "Y"])
def test_a_flag_is_true_in_many_spellings(value: Any) -> None:
    assert flag({"insession": value}, "insession")
    assert not flag({"insession": "0"}, "insession")


def test_a_number_printed_as_a_float_stays_a_number_as_text() -> None:
    assert text({"student_number": 104822.0}, "student_number") == "104822"


@SOME_SHAPES
@given(SHAPES)
def test_whatever_json_comes_a_read_fails_only_as_malformed(payload: Any) -> None:
    with contextlib.suppress(MalformedAnswer):
        for row in rows_of(payload):
            attendance_of(row, None, comment_is_known=True)


@SOME_SHAPES
@given(SHAPES)
def test_whatever_json_comes_meetings_and_access_fail_only_as_malformed(
    payload: Any,
) -> None:
    with contextlib.suppress(MalformedAnswer):
        meetings_of(rows_of(payload), str)
    with contextlib.suppress(MalformedAnswer):
        access_of(payload)


@SOME_SHAPES
@given(some.dictionaries(some.sampled_from(["id", "dcid", "yearid"]), SHAPES))
def test_whatever_a_row_holds_it_fails_only_as_malformed(row: Any) -> None:
    for record_of in (code_of, student_of):
        with contextlib.suppress(MalformedAnswer):
            record_of(row)


@SOME_SHAPES
@given(SHAPES)
def test_whatever_json_comes_a_write_ends_typed(payload: Any) -> None:
    with contextlib.suppress(Rejected, MalformedAnswer):
        assert len(outcomes_of(payload, Answer(200, {}, b""), expected=1)) == 1
    for number in (1, 2):
        with contextlib.suppress(Rejected, MalformedAnswer):
            results = meeting_results_of(payload, Answer(200, {}, b""), number)
            assert len(results) == number
