"""The lane's lease: one drain of a district at a time, on whatever machine."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from vmps.clock import Clock
from vmps.db import UNAVAILABLE, drop_connection, locked, transaction
from vmps.models import Lane

log = logging.getLogger(__name__)


class Lease:
    """A lane held and renewed; `fence` proves which drain recorded a result.

    What is left is counted from before the renewing statement on this process's own
    monotonic clock, so that a paused process knows that it is too late.
    """

    def __init__(
        self, district_id: int, fence: int, *, seconds: float, clock: Clock
    ) -> None:
        self.district_id = district_id
        self.fence = fence
        self._seconds = seconds
        self._clock = clock
        self._good_until = time.monotonic() + seconds
        self._stopped = threading.Event()
        self._renewer = threading.Thread(
            target=self._keep, name=f"lease-{district_id}", daemon=True
        )

    def __enter__(self) -> Self:
        self._renewer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._renewer.join()

    def remaining(self) -> float:
        """Return the seconds that this lease still holds for certain."""
        return self._good_until - time.monotonic()

    def give_back(self) -> None:
        """End the lease at once, if it is still ours."""
        self._stopped.set()
        with transaction():
            (
                Lane.update(owner=None, lease_until=None)
                .where(Lane.district == self.district_id, Lane.fence == self.fence)
                .execute()
            )

    def _keep(self) -> None:
        try:
            while not self._stopped.wait(self._seconds / 4):
                self._renew()
        finally:
            drop_connection()

    def _renew(self) -> None:
        before = time.monotonic()
        try:
            if _extend(self.district_id, self.fence, self._clock(), self._seconds):
                self._good_until = before + self._seconds
            else:
                self._good_until = before
                self._stopped.set()
        except UNAVAILABLE as error:
            drop_connection()
            log.warning(
                "lease.not_renewed district=%s error=%s",
                self.district_id,
                type(error).__name__,
            )


def take_lease(
    district_id: int, *, owner: str, seconds: float, clock: Clock
) -> Lease | None:
    """Take the lane unless somebody holds it; every taking raises the fence."""
    now = clock()
    with transaction():
        rows = (
            Lane.update(
                owner=owner,
                lease_until=now + timedelta(seconds=seconds),
                fence=Lane.fence + 1,
            )
            .where(
                Lane.district == district_id,
                Lane.lease_until.is_null() | (Lane.lease_until <= now),
            )
            .returning(Lane.fence)
            .tuples()
            .execute()
        )
        fences = [row[0] for row in rows]
    if not fences:
        return None
    return Lease(district_id, fences[0], seconds=seconds, clock=clock)


def holds_lane(district_id: int, fence: int) -> bool:
    """Tell, inside the recording transaction, whether this fence is the newest."""
    query = Lane.select(Lane.fence).where(Lane.district == district_id)
    return bool(locked(query).scalar() == fence)


def _extend(district_id: int, fence: int, now: datetime, seconds: float) -> bool:
    with transaction():
        changed = (
            Lane.update(lease_until=now + timedelta(seconds=seconds))
            .where(Lane.district == district_id, Lane.fence == fence)
            .execute()
        )
    return bool(changed)
