"""Health for load balancers and operators: is the process up, is the product well."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from vmps.clock import utcnow
from vmps.services.readiness import check_readiness
from vmps.web.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def live() -> ResponseReturnValue:
    """Answer while the process can answer."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Tell about the database, the scheduler's beat and the oldest due writeback."""
    readiness = check_readiness(now=utcnow())
    body = {
        "status": "ready" if readiness.is_ready else "not ready",
        "scheduler_age_seconds": readiness.scheduler_age_seconds,
        "oldest_due_age_seconds": readiness.oldest_due_age_seconds,
        "problems": list(readiness.problems),
    }
    return jsonify(body), 200 if readiness.is_ready else 503
