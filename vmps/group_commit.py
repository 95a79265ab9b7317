"""Requests of one process that write at the same moment share one commit on SQLite."""

# Whoever's turn it is commits for all that wait: one fsync instead of one each.

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from vmps.db import UNAVAILABLE, is_sqlite, transaction
from vmps.write_gate import GateTimeout

Result = TypeVar("Result")


@dataclass(slots=True)
class _Task:
    """One request's work: what it gave, once the commit that holds it is done."""

    work: Callable[[], Any]
    result: Any = None
    error: Exception | None = None
    is_done: bool = False


_waiting: list[_Task] = []
_queue = threading.Lock()
_turn = threading.Lock()


def commit_together(work: Callable[[], Result], *, wait_seconds: float) -> Result:
    """Run `work` in a transaction, maybe with others'; return once it is committed.

    PostgreSQL commits beside each other by itself, and locks taken for several
    requests at once could cross: there each has its own transaction.
    """
    if not is_sqlite():
        with transaction(wait_seconds=wait_seconds):
            return work()
    task = _Task(work)
    with _queue:
        _waiting.append(task)
    if not _turn.acquire(timeout=wait_seconds):
        _withdraw(task)
        raise GateTimeout("Other requests are being stored.")
    try:
        if not task.is_done:
            _commit(_take_all(), wait_seconds)
    finally:
        _turn.release()
    if task.error:
        raise task.error
    return task.result  # type: ignore[no-any-return]


def _take_all() -> list[_Task]:
    with _queue:
        tasks = list(_waiting)
        _waiting.clear()
    return tasks


def _withdraw(task: _Task) -> None:
    with _queue:
        if task in _waiting:
            _waiting.remove(task)


def _commit(tasks: list[_Task], wait_seconds: float) -> None:
    try:
        with transaction(wait_seconds=wait_seconds):
            for task in tasks:
                task.result = task.work()
    except UNAVAILABLE as error:
        _end(tasks, error)
    except Exception as error:  # one request's error must not be another's
        if len(tasks) == 1:
            _end(tasks, error)
            return
        for task in tasks:
            _commit([task], wait_seconds)
    else:
        _end(tasks, None)


def _end(tasks: list[_Task], error: Exception | None) -> None:
    for task in tasks:
        task.error, task.is_done = error, True
