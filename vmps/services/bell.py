"""Ringing a lane's doorbell after a commit; what the bell is made of is bound above."""

# A ring can never fail or slow the work that rings: the scheduler finds what is due.

from __future__ import annotations

import logging
from collections.abc import Callable

from vmps.db import after_commit

log = logging.getLogger(__name__)


def _nobody(district_id: int) -> None:
    log.debug("bell.unbound district=%s", district_id)


_ring: Callable[[int], object] = _nobody


def bind(ring: Callable[[int], object]) -> None:
    """Use `ring(district_id)` from now on."""
    global _ring  # noqa: PLW0603 one bell a process, bound at start
    _ring = ring


def ring_after_commit(district_id: int) -> None:
    """Ring once the open transaction is in the database."""
    after_commit(lambda: ring_now(district_id))


def ring_now(district_id: int) -> None:
    """Ring at once; a bell that breaks is only logged.

    A raising callback would look like a failed commit (measured on SQLite).
    """
    try:
        _ring(district_id)
    except Exception as error:  # noqa: BLE001 the commit has happened, whatever this is
        log.warning(
            "bell.broken district=%s error=%s", district_id, type(error).__name__
        )
