"""What holds a district's deliveries up now, in the words of the pages' banner."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import Case, fn

from vmps.db import moment_of, tuples
from vmps.models import AttendanceMode, Cause, Lane, Status, User, Writeback
from vmps.services.catalogue import Explanation
from vmps.services.connection_health import view_health
from vmps.services.explain import explain_cause
from vmps.services.steps import StepStatus

#: A due writeback this old is worth a word; so is a throttle this long.
LATE = timedelta(minutes=2)

_IN_SETTINGS = {
    Cause.CREDENTIALS_REFUSED,
    Cause.TLS_REFUSED,
    Cause.ADDRESS_REFUSED,
    Cause.FIELDS_NOT_GRANTED,
    Cause.NO_CONNECTION,
}

_IF_IT_LASTS = "Nothing is lost. If it lasts, tell whoever runs this server."


@dataclass(frozen=True, slots=True)
class Holdup:
    """One thing that holds deliveries up."""

    text: str
    fix: str
    next_try_at: datetime | None = None
    #: Settings has the field or the test that tells more.
    is_in_settings: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """All that holds deliveries up, and what waits for it."""

    holdups: tuple[Holdup, ...]
    #: How many writebacks wait, those of a mode to come apart, and for how many
    #: minutes the oldest of those that are due.
    waiting: int
    oldest_minutes: int | None
    last_success_at: datetime | None


def look_at_backlog(
    user: User, *, now: datetime, tells_test: bool = True
) -> Banner | None:
    """Return what the user should know of the deliveries; None while they go well.

    `tells_test` also of a test of the connection that failed, where it is not shown.
    """
    lane = Lane.get_or_none(Lane.district == user.district_id)
    if lane is None:
        return None
    oldest, waiting = _waiting(user, now)
    is_late = oldest is not None and now - oldest > LATE
    holdups = tuple(_holdups(lane, user, now, is_late=is_late))
    if not holdups and tells_test:
        holdups = tuple(_bad_test(lane))
    if not holdups and is_late:
        text = "Deliveries to PowerSchool are slower than they should be."
        holdups = (Holdup(text, _IF_IT_LASTS),)
    if not holdups:
        return None
    minutes = int((now - oldest).total_seconds() // 60) if oldest else None
    return Banner(holdups, waiting, minutes, lane.last_success_at)


def _waiting(user: User, now: datetime) -> tuple[datetime | None, int]:
    """Count what the user may see: other schools' work is not theirs to know."""
    due_at = Case(None, [(Writeback.due_at <= now, Writeback.due_at)])
    waiting = Writeback.visible_to(user).where(Writeback.status == Status.PENDING)
    ((oldest, count),) = tuples(waiting.select(fn.MIN(due_at), fn.COUNT(Writeback.id)))
    return moment_of(oldest), count


def _holdups(lane: Lane, user: User, now: datetime, *, is_late: bool) -> list[Holdup]:
    found = []
    cause = Cause(lane.blocked_reason) if lane.blocked_reason else None
    until = lane.blocked_until
    is_short = cause is Cause.THROTTLED and (until is None or until - now <= LATE)
    if cause and (is_late or not is_short):
        said = _explain(cause, lane.blocked_detail, user)
        text = f"Deliveries to PowerSchool are paused. {said.text}"
        found.append(_holdup(cause, text, said.fix, _ahead(until, now)))
    for mode, block in sorted(_blocks(lane).items()):
        cause = Cause(block["reason"])
        said = _explain(cause, block["detail"], user)
        text = f"{AttendanceMode(mode).label} mode is paused. {said.text}"
        until = datetime.fromisoformat(block["until"])
        found.append(_holdup(cause, text, said.fix, _ahead(until, now)))
    return found


def _bad_test(lane: Lane) -> list[Holdup]:
    """A test that failed is worth a word until something is sent after it."""
    health = view_health(lane.district_id)
    if health is None or health.status is not StepStatus.FAILED:
        return []
    if lane.last_success_at and lane.last_success_at > health.tested_at:
        return []
    text = "The last test of the connection to PowerSchool failed."
    fix = "A District Admin reads on Settings what it found, and tests again."
    return [Holdup(text, fix, is_in_settings=True)]


def _holdup(cause: Cause, text: str, fix: str, next_try_at: datetime | None) -> Holdup:
    return Holdup(text, fix, next_try_at, cause in _IN_SETTINGS)


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None


def _blocks(lane: Lane) -> dict[str, dict[str, Any]]:
    blocks: dict[str, dict[str, Any]] = json.loads(lane.mode_blocks)
    return blocks


def _explain(cause: Cause, detail: str, user: User) -> Explanation:
    """The plugin's missing lines are for who can add them."""
    return explain_cause(cause, detail if user.is_district_admin else "")
