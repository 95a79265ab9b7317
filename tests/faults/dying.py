"""`python -m tests.faults.dying ROLE STEP MARKER`: a process that kills itself once.

The product's own functions run; the wrapped one is followed (or preceded) by SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import create_app
from vmps.jobs.scheduler import run_scheduler
from vmps.jobs.worker import run_worker
from vmps.services import drain, pipeline, recorder

ROLES = {"worker": run_worker, "scheduler": run_scheduler}

#: Step -> the names through which a drain reaches it, and whether it dies before.
STEPS: dict[str, tuple[list[tuple[Any, str]], bool]] = {
    "after_claim": ([(drain, "claim_due")], False),
    "before_send": ([(pipeline, "begin_attempts")], False),
    "after_send": ([(pipeline, "write_one"), (pipeline, "write_batch")], False),
    "before_record": ([(recorder, "record_results")], True),
    "after_record": ([(recorder, "record_results")], False),
}


def die_once(marker: Path) -> None:
    """Leave a marker and end as a power cut would; a second time live on."""
    try:
        descriptor = os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        return
    os.write(descriptor, str(os.getpid()).encode())
    os.fsync(descriptor)
    os.kill(os.getpid(), signal.SIGKILL)


def dying_at(
    real: Callable[..., Any], marker: Path, *, is_before: bool
) -> Callable[..., Any]:
    """Return `real`, deadly where it had something to do."""

    def wrapped(*arguments: Any, **more: Any) -> Any:
        if is_before:
            die_once(marker)
        result = real(*arguments, **more)
        if result or result is None:  # a claim of nothing is no step
            die_once(marker)
        return result

    return wrapped


def main(role: str, step: str, marker: str) -> None:
    """Run the role until its step has come."""
    places, is_before = STEPS[step]
    for module, name in places:
        real = getattr(module, name)
        setattr(module, name, dying_at(real, Path(marker), is_before=is_before))
    ROLES[role](create_app().extensions["vmps.settings"])


if __name__ == "__main__":
    main(*sys.argv[1:])
