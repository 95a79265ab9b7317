"""Reading the log: a page costs the same however far back it lies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import NOW, make_cast
from vmps import db
from vmps.services.log_filters import Cursor, LogFilters
from vmps.services.read_log import _rows

pytestmark = pytest.mark.usefixtures("settings")


# PostgreSQL plans by the size of its tables, and these are empty.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["alice", "bob"])
@pytest.mark.parametrize(
    "filters",
    [LogFilters(), LogFilters(before=Cursor(NOW, 7)), LogFilters(student="x")],
)
def test_rows_come_in_the_order_of_their_index(
    database_url: str, who: str, filters: LogFilters
) -> None:
    user = getattr(make_cast(), who)
    query: Any = _rows(user)
    query = query.where(*filters.clauses(user)) if filters.args() else query
    sql, parameters = query.limit(51).sql()
    plan = db.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    steps = " / ".join(str(row[-1]) for row in plan)
    assert "student_event_district_id_occurred_at" in steps
    assert "TEMP B-TREE" not in steps


@pytest.mark.parametrize("text", ["2026-11-23T14:14:05.000001,7", "2026-11-23,7"])
def test_a_place_in_the_log_is_read_as_it_was_written(text: str) -> None:
    found = Cursor.parse(text)
    assert found
    assert Cursor.parse(str(found)) == found


@pytest.mark.parametrize(
    "text", ["", "x", "7", ",", "2026-11-23T14:14:05+01:00,7", "2026-11-23,99999999999"]
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert Cursor.parse(text) is None
