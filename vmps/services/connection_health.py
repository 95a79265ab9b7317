"""A connection's health: what its last test found, remembered with its moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vmps.models import Connection
from vmps.services.steps import (
    Step,
    StepStatus,
    step_from_json,
    step_to_json,
    worst_of,
)


@dataclass(frozen=True, slots=True)
class Health:
    """The steps of the last test and when it ended; no secret is in them."""

    steps: tuple[Step, ...]
    tested_at: datetime

    @property
    def status(self) -> StepStatus:
        """Return the worst word of all steps."""
        return worst_of(self.steps)


def view_health(district_id: int) -> Health | None:
    """Return what the last test of these settings found; None before there was one."""
    connection = Connection.get_or_none(Connection.district == district_id)
    if connection is None or connection.health_at is None or not connection.health:
        return None
    steps = tuple(step_from_json(kept) for kept in json.loads(connection.health))
    return Health(steps, connection.health_at)


def remember_health(
    connection: Connection, steps: Sequence[Step], *, now: datetime, **facts: object
) -> bool:
    """Keep a test's steps, and `facts`, unless the connection was saved meanwhile."""
    kept = json.dumps([step_to_json(step) for step in steps])
    changed = Connection.update(health=kept, health_at=now, **facts).where(
        Connection.id == connection.id,
        Connection.saved_at == connection.saved_at,
    )
    return bool(changed.execute())
