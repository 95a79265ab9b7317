"""What a person's save locks never holds up a kiosk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import NOW, make_oakwood
from vmps import db
from vmps.config import Settings
from vmps.models import EventType
from vmps.services.accept import AcceptResult
from vmps.services.districts import lock_district
from vmps.services.reasons import save_reason


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_events_are_accepted_while_a_save_is_under_way(settings: Settings) -> None:
    """On SQLite there is one writer at a time."""
    oakwood = make_oakwood()

    def report() -> AcceptResult:
        try:
            return oakwood.report()
        finally:
            db.drop_connection()

    late = EventType.LATE_CHECK_IN
    with ThreadPoolExecutor(1) as threads, db.transaction():
        lock_district(oakwood.district.id)
        save_reason(oakwood.school, late, "Flood", code="T", actor="test", now=NOW)
        assert threads.submit(report).result(3).event
