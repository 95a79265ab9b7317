"""The lane's own state: pause, breaker, throttle and pace, kept in its row."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from vmps.db import locked, transaction
from vmps.models import AuditEntry, Cause, Lane
from vmps.services.reaction import (
    BREAKER_FAILURES,
    LaneEffect,
    Reaction,
    breaker_seconds,
    throttle_seconds,
)

log = logging.getLogger(__name__)

SYSTEM = "system"

#: What is saved here; never the lease, which another thread renews.
_STATE = (
    Lane.blocked_until,
    Lane.blocked_reason,
    Lane.blocked_detail,
    Lane.failures,
    Lane.mode_blocks,
    Lane.last_success_at,
)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a drain may start now."""

    is_open: bool
    is_probe: bool
    paused_modes: Collection[str]


def look_at_gate(lane: Lane, now: datetime) -> Gate:
    """Return whether the lane is open, shut, or open for one probe."""
    blocks = json.loads(lane.mode_blocks)
    paused = {mode for mode, block in blocks.items() if block["until"] > _key(now)}
    is_open = lane.blocked_until is None or lane.blocked_until <= now
    is_probe = lane.blocked_reason not in {None, Cause.THROTTLED}
    has_mode_to_probe = len(paused) < len(blocks)
    return Gate(is_open, is_probe or has_mode_to_probe, paused)


def block_lane(
    district_id: int,
    reaction: Reaction,
    *,
    now: datetime,
    probe_seconds: float,
    was_heard: bool = False,
) -> None:
    """Let the lane wait as `reaction` asks; a new pause is audited once.

    `was_heard`: PowerSchool took other calls before it refused one.
    """
    with transaction():
        lane = Lane.get_by_id(district_id)
        if reaction.lane is LaneEffect.FAILURE:
            lane.failures = max(BREAKER_FAILURES, lane.failures + 1)
        elif reaction.lane is LaneEffect.THROTTLE:
            is_again = lane.blocked_reason == Cause.THROTTLED and not was_heard
            lane.failures = lane.failures + 1 if is_again else 1
        if lane.blocked_reason != reaction.cause:
            _alert(district_id, reaction.cause)
        until = now + timedelta(seconds=_wait(lane, reaction, probe_seconds))
        lane.blocked_until = max(until, lane.blocked_until or until)
        lane.blocked_reason = reaction.cause
        lane.blocked_detail = reaction.detail
        lane.save(only=_STATE)


def _wait(lane: Lane, reaction: Reaction, probe_seconds: float) -> float:
    if reaction.lane is LaneEffect.THROTTLE:
        return throttle_seconds(lane.failures, reaction.retry_after_seconds)
    if reaction.lane is LaneEffect.PAUSE:
        return probe_seconds
    return breaker_seconds(lane.failures)


def seconds_throttled(district_id: int, *, now: datetime) -> float:
    """Return how long PowerSchool wants the lane to wait; 0 where it does not."""
    lane = Lane.get_by_id(district_id)
    until: datetime | None = lane.blocked_until
    if lane.blocked_reason != Cause.THROTTLED or until is None:
        return 0.0
    return max(0.0, (until - now).total_seconds())


def keep_pace(district_id: int, seconds: float) -> None:
    """Remember the pace this lane has learnt."""
    with transaction():
        (
            Lane.update(pace_seconds=seconds)
            .where(Lane.district == district_id)
            .execute()
        )


def note_failures(district_id: int, failures: int) -> None:
    """Remember failed calls in a row that were too few to open the breaker."""
    with transaction():
        Lane.update(failures=failures).where(Lane.district == district_id).execute()


def pause_mode(
    district_id: int,
    mode: str,
    reaction: Reaction,
    *,
    now: datetime,
    probe_seconds: float,
) -> None:
    """Let one attendance mode wait; the lane's other modes go on."""
    with transaction():
        lane = Lane.get_by_id(district_id)
        blocks = json.loads(lane.mode_blocks)
        if mode not in blocks:
            _alert(district_id, reaction.cause)
        blocks[mode] = {
            "until": _key(now + timedelta(seconds=probe_seconds)),
            "reason": reaction.cause.value,
            "detail": reaction.detail,
        }
        lane.mode_blocks = json.dumps(blocks)
        lane.save(only=_STATE)


def note_success(
    district_id: int, written_modes: Collection[str], *, now: datetime
) -> None:
    """PowerSchool answered well: the lane, and the modes written in, go on."""
    with transaction():
        lane = Lane.get_by_id(district_id)
        blocks = json.loads(lane.mode_blocks)
        kept = {mode: b for mode, b in blocks.items() if mode not in written_modes}
        if lane.blocked_reason not in {None, Cause.THROTTLED} or kept != blocks:
            AuditEntry.note("lane.resumed", actor=SYSTEM, district=district_id)
            log.info("lane.resumed district=%s", district_id)
        lane.mode_blocks = json.dumps(kept)
        _open(lane)
        lane.last_success_at = now
        lane.save(only=_STATE)


def lock_lane(district_id: int) -> None:
    """Let others who change or record with this lane wait for the transaction's end."""
    locked(Lane.select(Lane.district).where(Lane.district == district_id)).execute()


def resume_lane(district_id: int, *, actor: str) -> None:
    """A person fixed it: try again at once."""
    lane = Lane.get_by_id(district_id)
    lane.mode_blocks = "{}"
    _open(lane)
    lane.save(only=_STATE)
    AuditEntry.note("lane.resumed", actor=actor, district=district_id)


def resume_tested(district_id: int, good_modes: Collection[str], *, actor: str) -> bool:
    """A test found PowerSchool well: try again at once what had been paused.

    A mode whose fields are still missing stays paused, and a throttle runs out by
    itself: it is a wait that PowerSchool asked for. Tells whether anything goes on.
    """
    lane = Lane.get_by_id(district_id)
    blocks = json.loads(lane.mode_blocks)
    kept = {mode: block for mode, block in blocks.items() if mode not in good_modes}
    is_paused = lane.blocked_reason not in {None, Cause.THROTTLED}
    if not is_paused and kept == blocks:
        return False
    lane.mode_blocks = json.dumps(kept)
    if is_paused:
        _open(lane)
    lane.save(only=_STATE)
    AuditEntry.note("lane.resumed", actor=actor, district=district_id)
    return True


def _open(lane: Lane) -> None:
    lane.blocked_until = None
    lane.blocked_reason = None
    lane.blocked_detail = ""
    lane.failures = 0


def _alert(district_id: int, cause: Cause) -> None:
    if cause is Cause.THROTTLED:
        return
    AuditEntry.note(
        "lane.paused", actor=SYSTEM, district=district_id, cause=cause.value
    )
    log.error("lane.paused district=%s cause=%s", district_id, cause.value)


def _key(moment: datetime) -> str:
    return moment.isoformat()
