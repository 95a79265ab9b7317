"""A drain whose process ends at a step, played in-process: nothing is tidied up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from vmps.services import drain as drains
from vmps.services import pipeline, recorder


class Crash(BaseException):
    """The process is gone: nobody tidies up."""


def crash_before(_work: Callable[..., Any]) -> Callable[..., Any]:
    """Return a step at which the process ends."""

    def crash(*_arguments: Any, **_more: Any) -> Any:
        raise Crash

    return crash


def crash_after(work: Callable[..., Any]) -> Callable[..., Any]:
    """Return a step after which the process ends."""

    def crash(*arguments: Any, **more: Any) -> Any:
        work(*arguments, **more)
        raise Crash

    return crash


STEPS = {
    "claimed": (drains, "load_units", crash_before),
    "begun": (pipeline, "begin_attempts", crash_after),
    "sent": (recorder, "record_results", crash_before),
    "recorded": (recorder, "record_results", crash_after),
}


@contextmanager
def replaced(module: Any, name: str, value: object) -> Iterator[None]:
    """Let the module have another `name` for a while."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)
