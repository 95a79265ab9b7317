"""What one claim holds, however the database goes about it."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import NOW, make_oakwood
from vmps import db
from vmps.config import Settings
from vmps.models import Lane
from vmps.services.claims import claim_due

LATER = NOW + timedelta(minutes=1)


def test_a_claim_takes_the_oldest_and_no_more_than_its_limit(
    settings: Settings,
) -> None:
    oakwood = make_oakwood()
    for student in range(5):
        oakwood.report(student)
    Lane.update(fence=1, lease_until=NOW + timedelta(hours=1)).execute()
    if not db.is_sqlite():
        _let_everything_be_looped_over()
    claimed = [
        claim_due(oakwood.district.id, fence=1, limit=limit, now=LATER)
        for limit in (1, 3, 9)
    ]
    assert [sorted(ids) for ids in claimed] == [[1], [2, 3, 4], [5]]


def _let_everything_be_looped_over() -> None:
    """Choose the plan that PostgreSQL may take at any time, by its statistics."""
    for way in ("hashagg", "sort", "hashjoin", "mergejoin", "material"):
        db.database.execute_sql(f"SET enable_{way} = off")
