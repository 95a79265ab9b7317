"""How deliveries stand, in one line beside the last test of the connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vmps.models import Lane, User
from vmps.services.look_at_backlog import look_at_backlog
from vmps.services.steps import StepStatus


@dataclass(frozen=True, slots=True)
class Delivery:
    """How deliveries stand, to be read beside the last test."""

    status: StepStatus
    text: str
    fix: str = ""
    last_success_at: datetime | None = None


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
