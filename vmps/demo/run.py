"""Starting the demo, waiting until it is well, and stopping all of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

import click
import requests

from vmps.demo.districts import DISTRICTS
from vmps.demo.folder import DemoError, DemoFolder
from vmps.demo.prepare import prepare
from vmps.demo.programs import program_environment, write_programs
from vmps.demo.welcome import welcome

START_SECONDS = 60.0
STOP_SECONDS = 40.0
BEAT_SECONDS = 10.0


class _Stop(Exception):
    """Somebody asked the demo to stop."""


def run_demo(folder: DemoFolder) -> int:
    """Run the demo until it is stopped; return the exit code."""
    _stop_on_signals()
    folder.create()
    with folder.locked():
        try:
            click.echo("Starting the demo.")
            prepare(folder)
            write_programs(folder)
            return _supervise(folder)
        except _Stop:
            return 0


def _supervise(folder: DemoFolder) -> int:
    command = [sys.executable, "-m", "supervisor.supervisord"]
    command += ["-c", str(folder.supervisor_file)]
    with (folder.logs / "supervisord.out").open("w") as output:
        supervisor = subprocess.Popen(  # noqa: S603 our own file
            command,
            env=program_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_well(folder, supervisor)
        click.echo(welcome(folder))
        supervisor.wait()
        raise DemoError(f"The demo ended by itself: see {folder.logs}.")
    finally:
        _end(supervisor)


def _wait_until_well(folder: DemoFolder, supervisor: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and supervisor.poll() is None:
        if _is_well(folder):
            return
        time.sleep(0.1)
    raise DemoError(f"The demo did not start: see {folder.logs}.")


def _is_well(folder: DemoFolder) -> bool:
    """Tell whether the simulators, the web process and the scheduler live."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            for plan in DISTRICTS:
                url = folder.simulator_url(plan)
                session.get(f"{url}/_simulator/health", timeout=2)
            found = session.get(f"{folder.web_url}/readyz", timeout=2).json()
        except requests.RequestException:
            return False
    age = found.get("scheduler_age_seconds")
    return age is not None and age < BEAT_SECONDS


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stop

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wins
        signal.signal(signal.SIGHUP, stop)


def _end(supervisor: subprocess.Popen[bytes]) -> None:
    """Stop the supervisor, which stops the rest; a second Ctrl-C changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    click.echo("Stopping.")
    supervisor.terminate()
    try:
        supervisor.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()
