"""An installation: web, worker, scheduler, on one database, as real processes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests

from tests.faults.homes import Home
from tests.faults.kiosk import FrontDesk
from tests.faults.oracle import Findings, judge
from tests.faults.programs import SCHEDULER, WEB, WORKER, Program
from tests.servers import free_port
from vmps.db import UNAVAILABLE, drop_connection
from vmps.models import Status, Writeback

START_SECONDS = 20
POLL_SECONDS = 0.05

#: Quick but not tight: a busy machine must not look like a fault.
QUICK = {
    "ENVIRONMENT": "development",
    "ALLOWED_NETWORKS": "127.0.0.0/8",
    "LEASE_SECONDS": "2",
    "DRAIN_SECONDS": "5",
    "ATTEMPT_SECONDS": "5",
    "CALL_SECONDS": "1",
    "PROBE_SECONDS": "1",
    "TICK_SECONDS": "0.2",
    "WEB_WORKERS": "1",
}


class Installation:
    """The product's processes on one database; every one of them may be killed."""

    def __init__(
        self, folder: Path, database_url: str, redis_url: str, **settings: str
    ) -> None:
        port = free_port()
        self.web_url = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.desks: list[FrontDesk] = []
        self._settings = QUICK | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "WEB_BIND": f"127.0.0.1:{port}",
            **settings,
        }
        self._programs: list[Program] = []
        self.web = self.program("web", WEB)
        self.worker = self.program("worker", WORKER)
        self.scheduler = self.program("scheduler", SCHEDULER)

    def program(self, name: str, command: tuple[str, ...]) -> Program:
        """Return a program with these settings, not yet started."""
        made = Program(command, self._settings, self.folder / f"{name}.log")
        self._programs.append(made)
        return made

    def dying(self, role: str, step: str) -> Program:
        """Return a worker or scheduler that kills itself once, at this step."""
        module = (sys.executable, "-m", "tests.faults.dying", role, step)
        return self.program(f"dying-{role}", (*module, str(self.marker)))

    @property
    def marker(self) -> Path:
        """Return the file that a dying process leaves."""
        return self.folder / "died"

    def open_desk(self, home: Home) -> FrontDesk:
        """Return a kiosk of this district."""
        desk = FrontDesk(home, self.web_url)
        self.desks.append(desk)
        return desk

    def start(self, *programs: Program) -> None:
        """Start the web server and these; wait until the web server answers."""
        for program in (self.web, *programs):
            program.start()
        self.wait_for_web()

    def start_all(self) -> None:
        """Start one of each."""
        self.start(self.worker, self.scheduler)

    def wait_for_web(self) -> None:
        """Wait until the web server answers."""
        wait_until(self._web_answers, START_SECONDS, "the web server answers")

    def kill_all(self) -> None:
        """End every process as a power cut would."""
        for program in self._programs:
            program.kill()

    def settle(self, seconds: float) -> float:
        """Wait until nothing is pending; return how long that took."""
        began = time.monotonic()
        wait_until(lambda: pending() == 0, seconds, "nothing is pending")
        return time.monotonic() - began

    def assert_exactly_once(self) -> Findings:
        """Let the oracle judge every district; print and return what it found."""
        found = [judge(desk) for desk in self.desks]
        for findings in found:
            report(**asdict(findings))
        return found[0]

    def _web_answers(self) -> bool:
        try:
            return requests.get(f"{self.web_url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False


def pending() -> int | None:
    """Return how many writebacks are pending; None while the database is away."""
    try:
        return Writeback.select().where(Writeback.status == Status.PENDING).count()
    except UNAVAILABLE:
        drop_connection()
        return None


def settled(district_id: int) -> int:
    """Return how many of a district's writebacks are successful."""
    done = Writeback.status == Status.SUCCESSFUL
    return Writeback.select().where(done, Writeback.district == district_id).count()


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something is so; fail when it is not in time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(POLL_SECONDS)


def report(**figures: Any) -> None:
    """Show measured figures with `pytest -s`, or when the test fails."""
    shown = " ".join(f"{name}={value}" for name, value in figures.items())
    sys.stdout.write(f"\n    {shown}\n")
