"""The doorbell: Redis wakes a worker for a lane; it is never the truth."""

# It cannot wedge: it expires, a failed enqueue deletes it, and the scheduler looks at
# the database. It cannot slow a kiosk: short time-outs, no retries, and silence for
# some seconds after a failure.

from __future__ import annotations

import logging
import threading
import time

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as AnswerTimeout
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUE = "lanes"
BELL_SECONDS = 10
QUIET_SECONDS = 5.0
JOB_SECONDS = 60
CONNECT_SECONDS = 0.25
ANSWER_SECONDS = 0.5


def short_client(url: str) -> Redis:
    """Return a client that gives up within half a second and never retries."""
    return Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


class Doorbell:
    """One bell a district; without a Redis URL it is silent."""

    def __init__(self, url: str) -> None:
        self._redis = short_client(url) if url else None
        self._queue = (
            Queue(QUEUE, connection=self._redis, serializer=JSONSerializer)
            if self._redis
            else None
        )
        self._quiet_until = 0.0
        self._is_broken = False
        self._lock = threading.Lock()

    @property
    def is_connected(self) -> bool:
        """Tell whether the last call found Redis well."""
        return self._redis is not None and time.monotonic() >= self._quiet_until

    def ring(self, district_id: int, *, is_urgent: bool = False) -> bool:
        """Ask a worker to drain the lane; return whether Redis took it.

        A bell that was rung within ten seconds is not rung again, unless urgent.
        """
        if not self._may_call() or self._redis is None or self._queue is None:
            return False
        key, is_new = _key(district_id), False
        try:
            is_new = bool(self._redis.set(key, 1, nx=not is_urgent, ex=BELL_SECONDS))
            if is_new:
                self._enqueue(district_id)
        except RedisError as error:
            self._give_up(error)
            if is_new and not isinstance(error, AnswerTimeout):
                self._silence_quietly(key)  # a frozen Redis would cost its time again
            return False
        self._recover()
        return True

    def silence(self, district_id: int) -> None:
        """Clear the bell, so that the next event rings it."""
        if not self._may_call() or self._redis is None:
            return
        try:
            self._redis.delete(_key(district_id))
        except RedisError as error:
            self._give_up(error)
        else:
            self._recover()

    def _may_call(self) -> bool:
        """Tell whether to call Redis; of a broken one, one thread at a time finds out.

        The others would all hang for as long as the first.
        """
        with self._lock:
            if not self.is_connected:
                return False
            if self._is_broken:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
            return True

    def _enqueue(self, district_id: int) -> None:
        assert self._queue is not None  # noqa: S101 only called where it is there
        self._queue.enqueue_call(
            "vmps.jobs.drains.drain_lane",
            args=(district_id,),
            timeout=JOB_SECONDS,
            result_ttl=0,
            failure_ttl=3600,
            description=f"drain {district_id}",
        )

    def _give_up(self, error: RedisError) -> None:
        self._is_broken = True
        self._quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("doorbell.broken error=%s", type(error).__name__)

    def _recover(self) -> None:
        if self._is_broken:
            with self._lock:
                self._is_broken, self._quiet_until = False, 0.0

    def _silence_quietly(self, key: str) -> None:
        assert self._redis is not None  # noqa: S101 only called where it is there
        try:
            self._redis.delete(key)
        except RedisError:
            log.debug("doorbell.not_cleared it expires by itself")


def _key(district_id: int) -> str:
    return f"vmps:bell:{district_id}"
