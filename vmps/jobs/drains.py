"""The one job: drain a lane. Safe to run twice; ids only."""

from __future__ import annotations

import logging
import os
import socket

from vmps.clock import Clock
from vmps.config import Settings
from vmps.jobs.doorbell import Doorbell
from vmps.services.drain import Dispatcher, drain
from vmps.services.link import Links

log = logging.getLogger(__name__)

_dispatcher: Dispatcher | None = None
_doorbell: Doorbell | None = None


def bind(settings: Settings, doorbell: Doorbell, clock: Clock) -> Dispatcher:
    """Set up what this process's drains share."""
    global _dispatcher, _doorbell  # noqa: PLW0603 RQ calls a plain function
    _doorbell = doorbell
    _dispatcher = Dispatcher(
        settings=settings,
        links=Links(settings),
        clock=clock,
        owner=f"{socket.gethostname()}:{os.getpid()}",
        silence=doorbell.silence,
    )
    return _dispatcher


def drain_lane(district_id: int) -> None:
    """Drain one lane; where more is due, ring again behind the others."""
    if _dispatcher is None or _doorbell is None:
        raise RuntimeError("Start workers with `flask --app app jobs work`.")
    if drain(district_id, _dispatcher):
        _doorbell.ring(district_id, is_urgent=True)
