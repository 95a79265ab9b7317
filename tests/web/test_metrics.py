"""Metrics: the backlog's age stands there, and nobody's name."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from tests.cast import make_oakwood
from vmps.clock import utcnow
from vmps.jobs.scheduler import beat
from vmps.models import Writeback

OLDEST = "vmps_oldest_due_writeback_age_seconds"


def read(client: FlaskClient) -> dict[str, float]:
    """Return every sample by its name."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {s.name: s.value for family in families for s in family.samples}


def test_the_oldest_due_writeback_s_age_is_told(client: FlaskClient) -> None:
    make_oakwood().report()
    Writeback.update(due_at=utcnow() - timedelta(seconds=90)).execute()
    assert 90 <= read(client)[OLDEST] < 120


def test_nothing_due_has_no_age(client: FlaskClient) -> None:
    assert OLDEST not in read(client)
    assert read(client)["vmps_database_up"] == 1


def test_the_scheduler_s_beat_is_told(client: FlaskClient) -> None:
    beat(utcnow() - timedelta(seconds=20))
    assert 20 <= read(client)["vmps_scheduler_beat_age_seconds"] < 50


def test_no_name_stands_in_the_metrics(client: FlaskClient) -> None:
    make_oakwood().report()
    text = client.get("/metrics").text
    assert "Maria" not in text
    assert "Oakwood" not in text
