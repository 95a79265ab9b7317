"""Moments in the database: aware UTC in and out, text that sorts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.cast import make_district
from vmps import db
from vmps.models import District

MOMENTS = [
    datetime(2026, 11, 23, 14, 14, 5, tzinfo=UTC),
    datetime(2026, 11, 23, 14, 14, 5, 1, tzinfo=UTC),
    datetime(2026, 11, 23, 14, 14, 5, 999999, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=-6))),
    datetime(2026, 11, 24, 1, 0, tzinfo=timezone(timedelta(hours=5, minutes=45))),
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_comes_back_aware_in_utc(database_url: str, moment: datetime) -> None:
    District.create(name="Oakwood", timezone="UTC", created_at=moment)
    found = District.get().created_at
    assert found == moment
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("moment", MOMENTS)
def test_both_engines_show_the_same_text(database_url: str, moment: datetime) -> None:
    District.create(name="Oakwood", timezone="UTC", created_at=moment)
    column = "created_at" if db.is_sqlite() else (
        "to_char(created_at, 'YYYY-MM-DD HH24:MI:SS.US')"
    )  # fmt: skip
    ((text,),) = db.query(f"SELECT {column} FROM district")  # noqa: S608
    assert text == db.utc_text(moment)
    assert len(text) == 26


def test_moments_sort_and_compare_as_time_does(database_url: str) -> None:
    for number, moment in enumerate(MOMENTS):
        District.create(name=f"D{number}", timezone="UTC", created_at=moment)
    ordered = [
        row.created_at for row in District.select().order_by(District.created_at)
    ]
    assert ordered == sorted(MOMENTS)
    before = District.select().where(District.created_at <= MOMENTS[0]).count()
    assert before == sum(moment <= MOMENTS[0] for moment in MOMENTS)


def test_no_moment_stays_none(database_url: str) -> None:
    make_district()
    ((until,),) = db.query("SELECT lease_until FROM lane")
    assert until is None


def test_the_databases_clock_is_utc(database_url: str) -> None:
    off = db.database_now() - datetime.now(UTC)
    assert abs(off) < timedelta(seconds=2)
