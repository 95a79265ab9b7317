"""Metrics for Prometheus, read from the database when asked; counts and ages only."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from vmps.clock import utcnow
from vmps.services.readiness import check_readiness
from vmps.web.access import public

bp = Blueprint("metrics", __name__)


class Backlog(Collector):
    """What `/readyz` looks at; a gauge is absent where there is nothing to be old."""

    def collect(self) -> Iterable[Metric]:
        """Look at the database once."""
        found = check_readiness(now=utcnow())
        yield GaugeMetricFamily(
            "vmps_database_up",
            "1 while the database answers.",
            value=float(found.is_database_ok),
        )
        if found.oldest_due_age_seconds is not None:
            yield GaugeMetricFamily(
                "vmps_oldest_due_writeback_age_seconds",
                "How long the oldest due writeback has waited, paused lanes included.",
                value=found.oldest_due_age_seconds,
            )
        if found.scheduler_age_seconds is not None:
            yield GaugeMetricFamily(
                "vmps_scheduler_beat_age_seconds",
                "How long ago the scheduler was last alive.",
                value=found.scheduler_age_seconds,
            )


@bp.get("/metrics")
@public
def show() -> Response:
    """Answer in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Backlog())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
