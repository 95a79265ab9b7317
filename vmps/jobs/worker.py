"""RQ's worker, kept alive: Redis may come and go."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from vmps.clock import utcnow
from vmps.config import Settings
from vmps.jobs import drains
from vmps.jobs.doorbell import ANSWER_SECONDS, QUEUE, Doorbell
from vmps.jobs.lane_threads import LaneThreads

log = logging.getLogger(__name__)

#: RQ pops for this minus 15 s, so a frozen Redis is noticed soon.
WORKER_TTL_SECONDS = 30
PAUSE_SECONDS = 1.0


class LaneWorker(SimpleWorker):
    """A worker in one process: connections, tokens and facts outlive its jobs."""

    max_connection_wait_time = 2.0
    stopped: threading.Event

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Note the wish; a job under way is finished, waiting ends at once.

        RQ's own forgets it when idle, and when busy asks Redis inside the handler:
        where that fails, the error would end the drain in the middle.
        """
        self.stopped.set()
        self._stop_requested = True
        if self.get_state() != WorkerStatus.BUSY:
            raise StopRequested

    def teardown(self) -> None:
        """Sign off in Redis, unless that takes longer than a kiosk would wait."""
        pool = self.connection.connection_pool
        pool.connection_kwargs["socket_timeout"] = ANSWER_SECONDS
        pool.reset()
        super().teardown()  # type: ignore[no-untyped-call]


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; reconnect whatever Redis does."""
    doorbell = Doorbell(settings.redis_url)
    lanes = LaneThreads(drains.make_dispatcher(settings, doorbell, utcnow), doorbell)
    drains.bind(lanes)
    stopped = threading.Event()
    _stop_on_signals(stopped)
    try:
        _work_until_stopped(settings, stopped)
    finally:
        _stop_on_signals(stopped)  # RQ's handlers would end the process at once
        lanes.finish()


def _work_until_stopped(settings: Settings, stopped: threading.Event) -> None:
    if not settings.redis_url:
        log.warning("worker.idle REDIS_URL is not set: the scheduler delivers")
        stopped.wait()
        return
    while not stopped.is_set():
        _work_once(settings.redis_url, stopped)
        _stop_on_signals(stopped)
        stopped.wait(PAUSE_SECONDS)


def _work_once(url: str, stopped: threading.Event) -> None:
    """Run RQ's worker until it ends, by a signal or by what Redis does."""
    try:
        worker = LaneWorker(
            [QUEUE],
            connection=Redis.from_url(url),
            worker_ttl=WORKER_TTL_SECONDS,
            serializer=JSONSerializer,
            log_job_description=False,
        )
        worker.stopped = stopped
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("worker.lost_redis error=%s", type(error).__name__)
    except StopRequested:
        log.debug("worker.stopped outside RQ's loop")


def _stop_on_signals(stopped: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
