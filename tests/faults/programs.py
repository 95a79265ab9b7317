"""Our processes under test: started, killed, frozen, and restarted when they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 30
LOOK_SECONDS = 0.1
RESTART_SECONDS = 0.5

FLASK = (sys.executable, "-m", "flask", "--app", "app")
WORKER = (*FLASK, "jobs", "work")
SCHEDULER = (*FLASK, "jobs", "schedule")
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "python:vmps.web.server")
WEB = (*GUNICORN, "app:create_app()")


class Program:
    """One process and its children, by one process group; its log survives it."""

    def __init__(
        self, command: Sequence[str], settings: Mapping[str, str], log: Path
    ) -> None:
        self.command = command
        self.exit_codes: list[int] = []
        self._settings, self._log = settings, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, again if it has ended; its log goes on."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self._settings}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the process id."""
        assert self._process, "not started"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether it runs; an end is noted with its code."""
        if self._process and self._process.poll() is not None:
            self._note_end()
        return self._process is not None

    def log(self) -> str:
        """Return what it has written so far."""
        return self._log.read_text() if self._log.exists() else ""

    def kill(self) -> int:
        """End it and its children as a power cut would; return its code."""
        if self.is_running:
            os.killpg(self.pid, signal.SIGKILL)
        return self.wait(STOP_SECONDS)

    def stop(self) -> int:
        """Ask it to end, as an operator does; return its code."""
        if self.is_running:
            os.kill(self.pid, signal.SIGTERM)
        return self.wait(STOP_SECONDS)

    def wait(self, seconds: float) -> int:
        """Wait until it has ended; return its code."""
        if self._process:
            self._process.wait(seconds)
            self._note_end()
        return self.exit_codes[-1] if self.exit_codes else 0

    def _note_end(self) -> None:
        assert self._process, "not started"
        self.exit_codes.append(self._process.returncode)
        self._process = None


class Restarter:
    """A supervisor: starts what has ended anew, within half a second."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Watch from now on."""
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Let the program run on unwatched."""
        self._stopped.set()
        self._thread.join()

    def kill_every(self, seconds: float, *, times: int) -> int:
        """Kill it so often, each time once it lives again; return how often."""
        killed = 0
        for _ in range(times):
            time.sleep(seconds)
            if self._program.is_running:
                os.killpg(self._program.pid, signal.SIGKILL)
                killed += 1
        return killed

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            if not self._program.is_running:
                if self._stopped.wait(RESTART_SECONDS - 2 * LOOK_SECONDS):
                    return
                self._program.start()
