"""The demo for real: started, rushed, broken, used by a program, and stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.source import ROOT
from vmps.demo.folder import DemoFolder

START_SECONDS = 30
STOP_SECONDS = 30
COMMAND = [sys.executable, "-m", "vmps.demo", "--data"]


class Demo:
    """A demo in a folder of its own, started as `make demo` starts it."""

    def __init__(self, path: Path) -> None:
        self.folder = DemoFolder(path)
        self._log = path.with_suffix(".log")

    def start(self) -> None:
        """Start it in the background, without a terminal, until it says it runs."""
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [*COMMAND, str(self.folder.path)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until(lambda: "The demo is running." in self.said, START_SECONDS)

    @property
    def said(self) -> str:
        assert self.process.poll() is None, self._log.read_text()
        return self._log.read_text()

    def run(self, *arguments: str) -> str:
        """Run a command beside it; return what it printed."""
        done = subprocess.run(
            [*COMMAND, str(self.folder.path), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def processes(self) -> list[psutil.Process]:
        """Return everything that it started, itself included."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def process_of(self, words: str) -> psutil.Process:
        """Return the process whose command line has these words."""
        wait_until(lambda: self._having(words) != [], START_SECONDS)
        return self._having(words)[0]

    def _having(self, words: str) -> list[psutil.Process]:
        return [p for p in self.processes() if words in " ".join(p.cmdline())]

    def stop(self) -> int:
        """Stop it as Ctrl-C does; return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def journal_rows(self) -> int:
        """Count the attendance rows in the simulator's journal."""
        lines = self.folder.journal.read_text().splitlines()
        return len({json.loads(line)["dcid"] for line in lines})


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo for all these tests, which come in their order."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "data")
    demo.start()
    yield demo
    if demo.process.poll() is None:
        demo.stop()


def test_a_first_rush_becomes_rows_and_writebacks(demo: Demo) -> None:
    said = demo.run("rush")
    assert re.search(r"accepted +360\n +already_recorded +1\n +duplicate +1\n", said)
    assert re.search(r"rejected +1\n", said)
    assert re.search(r"successful +360\n", said)
    assert demo.journal_rows() == 360


def test_its_writebacks_are_listed(demo: Demo) -> None:
    listed = json.loads(demo.run("writebacks", "list", "--limit", "1000", "--json"))
    assert len(listed) == 360
    assert {line["status"] for line in listed} == {"successful"}


def test_a_worker_that_is_killed_is_started_again(demo: Demo) -> None:
    killed = demo.process_of("jobs work")
    killed.kill()
    wait_until(lambda: not killed.is_running(), STOP_SECONDS)
    assert demo.process_of("jobs work").pid != killed.pid


def test_a_second_rush_brings_other_students(demo: Demo) -> None:
    said = demo.run("rush")
    assert re.search(r"successful +360\n", said)
    assert "holds 720 attendance rows, 360 of them new" in said


def test_the_documented_program_reports_an_event(demo: Demo, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "kiosk-webhook.md").read_text()
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "kiosk.py").write_text(program)
    kept = demo.folder.read()
    url = f"{demo.folder.web_url}/webhooks/kiosks/{kept['DEMO_KIOSK_ID']}/events"
    school, student = demo.folder.roster.read_text().splitlines()[-1].split(",")[:2]
    done = subprocess.run(
        [sys.executable, "kiosk.py", url, student, school],
        cwd=tmp_path,
        env={**os.environ, "KIOSK_SECRET": kept["DEMO_KIOSK_SECRET"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("202 "), done.stdout + done.stderr
    wait_until(lambda: demo.journal_rows() == 721, START_SECONDS)


def test_secrets_are_the_owner_s_alone(demo: Demo) -> None:
    assert (demo.folder.path / "environment").stat().st_mode & 0o777 == 0o600
    assert demo.folder.path.stat().st_mode & 0o777 == 0o700


def test_a_second_demo_in_the_same_folder_is_refused(demo: Demo) -> None:
    done = subprocess.run(
        [*COMMAND, str(demo.folder.path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "running" in done.stderr


def test_a_signal_stops_everything(demo: Demo) -> None:
    processes = demo.processes()
    assert len(processes) >= 7
    assert demo.stop() == 0
    assert [p for p in processes if p.is_running()] == []


def test_it_starts_again_where_it_was(demo: Demo) -> None:
    secret = demo.folder.read()["SECRET_KEY"]
    demo.start()
    assert demo.folder.read()["SECRET_KEY"] == secret
    assert demo.journal_rows() == 721
    ready = requests.get(f"{demo.folder.web_url}/readyz", timeout=5)
    assert ready.json()["status"] == "ready"


def test_a_rush_without_a_demo_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, str(tmp_path), "rush"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "make demo" in done.stderr
