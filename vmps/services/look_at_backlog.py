"""What holds a district's deliveries up now, in the words of the pages' banner."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from vmps.db import tuples
from vmps.models import AttendanceMode, Cause, Lane, Status, User, Writeback
from vmps.services.claims import moment_of
from vmps.services.explain import Explanation, explain_cause

#: A due writeback this old is worth a word; so is a throttle this long.
LATE = timedelta(minutes=2)

_IF_IT_LASTS = "Nothing is lost. If it lasts, tell whoever runs this server."


@dataclass(frozen=True, slots=True)
class Holdup:
    """One thing that holds deliveries up."""

    text: str
    fix: str
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """All that holds deliveries up, and what waits for it."""

    holdups: tuple[Holdup, ...]
    #: How many writebacks are due, and for how many minutes the oldest has been.
    waiting: int
    oldest_minutes: int
    last_success_at: datetime | None


def look_at_backlog(user: User, *, now: datetime) -> Banner | None:
    """Return what the user should know of the deliveries; None while they go well."""
    lane = Lane.get_or_none(Lane.district == user.district_id)
    if lane is None:
        return None
    oldest, waiting = _due(user, now)
    is_late = oldest is not None and now - oldest > LATE
    holdups = tuple(_holdups(lane, user, now, is_late=is_late))
    if not holdups and is_late:
        text = "Deliveries to PowerSchool are slower than they should be."
        holdups = (Holdup(text, _IF_IT_LASTS),)
    if not holdups:
        return None
    minutes = int((now - oldest).total_seconds() // 60) if oldest else 0
    return Banner(holdups, waiting, minutes, lane.last_success_at)


def _due(user: User, now: datetime) -> tuple[datetime | None, int]:
    """Count what the user may see: other schools' work is not theirs to know."""
    due = Writeback.visible_to(user).where(
        Writeback.status == Status.PENDING, Writeback.due_at <= now
    )
    ((oldest, waiting),) = tuples(
        due.select(fn.MIN(Writeback.due_at), fn.COUNT(Writeback.id))
    )
    return moment_of(oldest), waiting


def _holdups(lane: Lane, user: User, now: datetime, *, is_late: bool) -> list[Holdup]:
    found = []
    cause = Cause(lane.blocked_reason) if lane.blocked_reason else None
    until = lane.blocked_until
    is_short = cause is Cause.THROTTLED and (until is None or until - now <= LATE)
    if cause and (is_late or not is_short):
        said = _explain(cause, lane.blocked_detail, user)
        text = f"Deliveries to PowerSchool are paused. {said.text}"
        found.append(Holdup(text, said.fix, _ahead(until, now)))
    for mode, block in sorted(_blocks(lane).items()):
        said = _explain(Cause(block["reason"]), block["detail"], user)
        text = f"{AttendanceMode(mode).label} mode is paused. {said.text}"
        until = datetime.fromisoformat(block["until"])
        found.append(Holdup(text, said.fix, _ahead(until, now)))
    return found


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None


def _blocks(lane: Lane) -> dict[str, dict[str, Any]]:
    blocks: dict[str, dict[str, Any]] = json.loads(lane.mode_blocks)
    return blocks


def _explain(cause: Cause, detail: str, user: User) -> Explanation:
    """The plugin's missing lines are for who can add them."""
    return explain_cause(cause, detail if user.is_district_admin else "")
