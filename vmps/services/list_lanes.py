"""How every district's deliveries stand: open or paused, how late, last success."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from vmps.db import transaction
from vmps.models import Cause, District, Lane
from vmps.services.bell import ring_after_commit
from vmps.services.claims import oldest_due_at
from vmps.services.lanes import resume_lane


@dataclass(frozen=True, slots=True)
class LaneView:
    """One district's lane as an operator reads it."""

    district_id: int
    district: str
    blocked_reason: Cause | None
    blocked_until: datetime | None
    paused_modes: tuple[str, ...]
    oldest_due_seconds: float | None
    last_success_at: datetime | None


def list_lanes(*, now: datetime) -> list[LaneView]:
    """Return every lane, in the order of the districts."""
    lanes = Lane.select(Lane, District).join(District).order_by(District.id)
    return [_view(lane, now) for lane in lanes]


def _view(lane: Lane, now: datetime) -> LaneView:
    due_at = oldest_due_at(now, lane.district.id)
    return LaneView(
        district_id=lane.district.id,
        district=lane.district.name,
        blocked_reason=Cause(lane.blocked_reason) if lane.blocked_reason else None,
        blocked_until=lane.blocked_until,
        paused_modes=tuple(sorted(json.loads(lane.mode_blocks))),
        oldest_due_seconds=(now - due_at).total_seconds() if due_at else None,
        last_success_at=lane.last_success_at,
    )


def resume(district: District, *, actor: str) -> None:
    """Let a paused lane try again at once."""
    with transaction():
        resume_lane(district.id, actor=actor)
        ring_after_commit(district.id)
