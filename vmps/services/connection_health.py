"""A connection's health: what its last test found, remembered with its moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vmps.models import Connection, District, Lane, User
from vmps.services.look_at_backlog import look_at_backlog
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


@dataclass(frozen=True, slots=True)
class Delivery:
    """How deliveries stand, to be read beside the last test."""

    status: StepStatus
    text: str
    fix: str = ""
    last_success_at: datetime | None = None


def view_health(district: District) -> Health | None:
    """Return what the last test of these settings found; None before there was one."""
    connection = Connection.get_or_none(Connection.district == district)
    if connection is None or connection.health_at is None or not connection.health:
        return None
    steps = tuple(step_from_json(kept) for kept in json.loads(connection.health))
    return Health(steps, connection.health_at)


def view_delivery(user: User, *, now: datetime) -> Delivery:
    """Return what the district's lane has to say, in one line."""
    banner = look_at_backlog(user, now=now)
    if banner is None:
        lane = Lane.get_or_none(Lane.district == user.district_id)
        last = lane.last_success_at if lane else None
        return Delivery(StepStatus.OK, "nothing holds them up", last_success_at=last)
    first = banner.holdups[0]
    return Delivery(
        StepStatus.FAILED, first.text, first.fix, last_success_at=banner.last_success_at
    )


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
