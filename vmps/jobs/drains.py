"""The one job: drain a lane. Safe to run twice; ids only."""

from __future__ import annotations

import os
import socket

from vmps.clock import Clock
from vmps.config import Settings
from vmps.jobs.doorbell import Doorbell
from vmps.jobs.lane_threads import LaneThreads
from vmps.services.drain import Dispatcher
from vmps.services.link import Links

_lanes: LaneThreads | None = None


def make_dispatcher(settings: Settings, doorbell: Doorbell, clock: Clock) -> Dispatcher:
    """Return what this process's drains share."""
    return Dispatcher(
        settings=settings,
        links=Links(settings),
        clock=clock,
        owner=f"{socket.gethostname()}:{os.getpid()}",
        silence=doorbell.silence,
    )


def bind(lanes: LaneThreads) -> None:
    """Let this process's jobs drain with `lanes`."""
    global _lanes  # noqa: PLW0603 RQ calls a plain function
    _lanes = lanes


def drain_lane(district_id: int) -> None:
    """Drain one lane beside the others; wait while all places are taken."""
    if _lanes is None:
        raise RuntimeError("Start workers with `flask --app app jobs work`.")
    _lanes.start(district_id, wait=True)
