"""The slots of a drain: remote calls in threads, everything else in one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

Done = Callable[[Any, BaseException | None], None]


class Slots:
    """As many calls at a time as the lane may make; results come to one thread."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.running = 0
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="slot")
        self._finished: SimpleQueue[tuple[Future[Any], Done]] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def is_free(self) -> bool:
        """Tell whether one more call is wanted.

        One waits for each that runs: a slot that has to ask the deciding thread for
        its next call stands idle while that one records.
        """
        return self.running < 2 * self.count

    def submit(self, done: Done, call: Callable[..., Any], *arguments: Any) -> None:
        """Run `call` in a slot; `done(result, error)` runs later, in `collect`."""
        self.running += 1
        future = self._pool.submit(call, *arguments)
        future.add_done_callback(lambda f: self._finished.put((f, done)))

    def collect(self, wait_seconds: float) -> None:
        """Hand over what has finished; wait for the first one at most so long."""
        try:
            item = self._finished.get(timeout=wait_seconds)
            while True:
                self._hand_over(*item)
                item = self._finished.get_nowait()
        except Empty:
            return

    def _hand_over(self, future: Future[Any], done: Done) -> None:
        self.running -= 1
        error = future.exception()
        done(None if error else future.result(), error)
