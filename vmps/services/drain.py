"""Draining a lane: one district's due writebacks, for about ten seconds."""

# Safe to run twice, anywhere, at any time: the lease lets one drain work, the fence
# lets only the newest one record, and what is due is read from the database.

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from vmps.clock import Clock
from vmps.config import Settings
from vmps.db import UNAVAILABLE, database_now, drop_connection, transaction
from vmps.models import Cause, Lane, Outcome, School, Writeback
from vmps.services.claims import claim_due, release_claims
from vmps.services.lanes import (
    Gate,
    block_lane,
    keep_pace,
    look_at_gate,
    note_failures,
    note_success,
    pause_mode,
)
from vmps.services.lease import Lease, take_lease
from vmps.services.ledger import Ledger
from vmps.services.link import Link, Links
from vmps.services.pipeline import Pipeline
from vmps.services.reaction import LaneEffect, Reaction
from vmps.services.record import LaneLost
from vmps.services.recorder import Recorder
from vmps.services.slots import Slots
from vmps.services.workload import load_units

log = logging.getLogger(__name__)

CLOCK_TOLERANCE_SECONDS = 5.0
STEP_SECONDS = 0.05
LOOK_SECONDS = 0.02
LARGEST_CLAIM = 5000
#: Of a drain's time; then nothing more is read, so that what was read is written.
READING_SHARE = 0.75
#: Units a slot that are claimed at most where each is a call: some seconds of work.
SINGLES_A_SLOT = 64
#: Look for more when so many units a slot are left: claiming, loading and reading
#: for the next ones takes some rounds of calls.
LOOK_AT = 6


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """What every drain of a process shares."""

    settings: Settings
    links: Links
    clock: Clock
    owner: str
    #: Clears a district's doorbell: called before each look at the database.
    silence: Callable[[int], None]
    #: Set when the process is to end: drains start nothing more.
    stopped: threading.Event = field(default_factory=threading.Event)


def drain(district_id: int, dispatcher: Dispatcher) -> bool:
    """Deliver what is due; return whether the lane wants to be rung again."""
    if not _clock_agrees(dispatcher.clock):
        return False
    lease = take_lease(
        district_id,
        owner=dispatcher.owner,
        seconds=dispatcher.settings.lease_seconds,
        clock=dispatcher.clock,
    )
    if lease is None:
        return False
    with lease:
        try:
            _work(lease, dispatcher)
        except LaneLost:
            log.warning("drain.lane_lost district=%s", district_id)
            return False
        except UNAVAILABLE as error:
            drop_connection()
            log.warning(
                "drain.stopped district=%s error=%s",
                district_id,
                type(error).__name__,
            )
        give_back(lease)
    return has_work(district_id, dispatcher)


def has_work(district_id: int, dispatcher: Dispatcher) -> bool:
    """Tell whether a drain of this lane would find something to start now."""
    now = dispatcher.clock()
    gate = look_at_gate(Lane.get_by_id(district_id), now)
    due = Writeback.due(district_id, now)
    if gate.paused_modes:
        due = due.where(Writeback.school.not_in(School.in_modes(gate.paused_modes)))
    return gate.is_open and bool(due.exists())


def _clock_agrees(clock: Clock) -> bool:
    difference = (clock() - database_now()).total_seconds()
    if abs(difference) <= CLOCK_TOLERANCE_SECONDS:
        return True
    log.error(
        "drain.refused clock is %.1f s off the database's; set this machine's time",
        difference,
    )
    return False


def give_back(lease: Lease) -> None:
    """Let go of what the drain did not settle, and of its lane."""
    try:
        with transaction():
            # The lane first, as whoever changes claimed rows: in turn, never crosswise.
            lease.give_back()
            release_claims(lease.district_id, fence=lease.fence)
    except UNAVAILABLE as error:
        drop_connection()
        log.warning(
            "drain.lease_left district=%s error=%s",
            lease.district_id,
            type(error).__name__,
        )


def _work(lease: Lease, dispatcher: Dispatcher) -> None:
    dispatcher.silence(lease.district_id)
    lane = Lane.get_by_id(lease.district_id)
    gate = look_at_gate(lane, dispatcher.clock())
    if not gate.is_open:
        return
    link = dispatcher.links.find(lease.district_id, pace_seconds=lane.pace_seconds)
    if link is None:
        _wait_for_connection(lease, dispatcher)
        return
    recorder = Recorder(lease, dispatcher.clock)
    ledger = Ledger(recorder, lane.failures)
    with Slots(dispatcher.settings.lane_concurrency) as slots:
        pipeline = Pipeline(
            link,
            lease,
            slots,
            ledger,
            settings=dispatcher.settings,
            clock=dispatcher.clock,
        )
        _Run(lease, dispatcher, pipeline, ledger, gate).until_done()
    _learn_pace(lane, link)


def _learn_pace(lane: Lane, link: Link) -> None:
    """Leave the pace for other processes, where it has changed."""
    seconds = link.pacer.to_tell()
    if seconds is not None:
        keep_pace(lane.district_id, seconds)


def _wait_for_connection(lease: Lease, dispatcher: Dispatcher) -> None:
    missing = Reaction(
        Outcome.NOT_SENT, Cause.NO_CONNECTION, lane=LaneEffect.PAUSE, uses_try=False
    )
    block_lane(
        lease.district_id,
        missing,
        now=dispatcher.clock(),
        probe_seconds=dispatcher.settings.probe_seconds,
    )


class _Run:
    """The loop of one drain: look, claim, step, until nothing is left or time is up."""

    def __init__(
        self,
        lease: Lease,
        dispatcher: Dispatcher,
        pipeline: Pipeline,
        ledger: Ledger,
        gate: Gate,
    ) -> None:
        self._lease, self._dispatcher = lease, dispatcher
        self._pipeline, self._ledger, self._gate = pipeline, ledger, gate
        self._failures_before = ledger.failures
        self._is_probing = gate.is_probe
        self._limit = 1 if gate.is_probe else dispatcher.settings.lane_concurrency * 32
        self._looked_at = 0.0
        self._has_noted = False
        self._began = time.monotonic()

    def until_done(self) -> None:
        pipeline, ledger = self._pipeline, self._ledger
        while True:
            is_over = self._dispatcher.stopped.is_set() or self._has_lasted(1)
            is_closing = is_over or ledger.halt is not None
            may_read = not (is_closing or self._has_lasted(READING_SHARE))
            found = may_read and self._look()
            if ledger.is_idle and not found:
                break
            if self._lease.remaining() <= 0:
                raise LaneLost
            pipeline.step(STEP_SECONDS, may_read=may_read, is_closing=is_closing)
            self._note_success()
        self._note_halt()

    @property
    def _most(self) -> int:
        if self._pipeline.writes_batches:
            return LARGEST_CLAIM
        return self._dispatcher.settings.lane_concurrency * SINGLES_A_SLOT

    def _has_lasted(self, share: float) -> bool:
        seconds = share * self._dispatcher.settings.drain_seconds
        return time.monotonic() > self._began + seconds

    def _look(self) -> bool:
        """Claim more when the slots will soon run dry; tell whether there was any."""
        pipeline, ledger = self._pipeline, self._ledger
        if self._is_probing and not ledger.is_idle:
            return False
        if pipeline.backlog > LOOK_AT * self._dispatcher.settings.lane_concurrency:
            return False
        if not ledger.is_idle and time.monotonic() - self._looked_at < LOOK_SECONDS:
            return False
        self._looked_at = time.monotonic()
        if ledger.is_idle:
            # Before the last look: what comes later rings, what came before is seen.
            self._dispatcher.silence(self._lease.district_id)
        now = self._dispatcher.clock()
        claimed = claim_due(
            self._lease.district_id,
            fence=self._lease.fence,
            limit=self._limit,
            now=now,
            busy_students=ledger.busy_students,
            paused_modes=self._gate.paused_modes,
        )
        if not claimed:
            return False
        if len(claimed) == self._limit and not self._is_probing:
            self._limit = min(self._limit * 4, self._most)
        pipeline.take(
            load_units(
                self._lease.district_id, claimed, fence=self._lease.fence, now=now
            )
        )
        return True

    def _note_success(self) -> None:
        """The first good answer opens a lane that was being probed."""
        ledger = self._ledger
        if self._has_noted or ledger.halt or not ledger.has_heard:
            return
        if self._is_probing and not (ledger.is_idle or ledger.written_modes):
            return
        self._has_noted = True
        lane = Lane.get_by_id(self._lease.district_id)
        now = self._dispatcher.clock()
        is_old = lane.last_success_at is None or (
            now - lane.last_success_at > timedelta(seconds=10)
        )
        if is_old or lane.blocked_reason or lane.failures or lane.mode_blocks != "{}":
            note_success(lane.district_id, ledger.written_modes, now=now)
        if self._is_probing:
            self._is_probing = False
            self._limit = self._dispatcher.settings.lane_concurrency * 32

    def _note_halt(self) -> None:
        halt = self._ledger.halt
        if halt is None:
            if self._ledger.failures != self._failures_before:
                note_failures(self._lease.district_id, self._ledger.failures)
            return
        now = self._dispatcher.clock()
        probe_seconds = self._dispatcher.settings.probe_seconds
        district_id, reaction = self._lease.district_id, halt.reaction
        if reaction.came_too_soon:
            self._dispatcher.links.slow_down(district_id)
        if reaction.lane is LaneEffect.PAUSE:
            self._dispatcher.links.forget(district_id)
        if reaction.lane is LaneEffect.PAUSE_MODE:
            pause_mode(
                district_id, halt.mode, reaction, now=now, probe_seconds=probe_seconds
            )
        else:
            block_lane(
                district_id,
                reaction,
                now=now,
                probe_seconds=probe_seconds,
                was_heard=self._ledger.has_heard,
            )
