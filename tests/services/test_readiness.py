"""Readiness: the database, the scheduler's beat, the oldest due writeback."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import make_oakwood
from vmps import db
from vmps.models import Heartbeat, Writeback
from vmps.services.readiness import check_readiness

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


pytestmark = pytest.mark.usefixtures("settings")


def beat(seconds_ago):
    at = NOW - timedelta(seconds=seconds_ago)
    Heartbeat.insert(name="scheduler", beat_at=at).execute()


def owe(due_at):
    """Store a writeback of no event in particular."""
    make_oakwood().report()
    Writeback.update(due_at=due_at).execute()


def test_a_fresh_beat_and_nothing_due_is_ready():
    beat(5)
    found = check_readiness(now=NOW)
    assert found.is_ready
    assert (found.scheduler_age_seconds, found.oldest_due_age_seconds) == (5, None)


def test_a_scheduler_that_never_ran_is_not_ready():
    found = check_readiness(now=NOW)
    assert (found.is_ready, found.scheduler_age_seconds) == (False, None)
    assert "never run" in found.problems[0]


def test_a_silent_scheduler_is_not_ready():
    beat(30)
    assert check_readiness(now=NOW).problems == [
        "The scheduler has been silent for 30 seconds."
    ]


@pytest.mark.parametrize(("seconds", "is_ready"), [(119, True), (120, False)])
def test_a_long_wait_is_not_ready(seconds, is_ready):
    beat(1)
    owe(NOW - timedelta(seconds=seconds))
    found = check_readiness(now=NOW)
    assert (found.is_ready, found.oldest_due_age_seconds) == (is_ready, seconds)


def test_a_database_that_is_away_is_an_answer(tmp_path):
    db.configure(f"sqlite:///{tmp_path}/empty.sqlite3")
    found = check_readiness(now=NOW)
    assert (found.is_ready, found.is_database_ok) == (False, False)
    assert len(found.problems) == 1
