"""The demo for real: started, rushed, broken, used by a program, and stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest
import requests
from bs4 import BeautifulSoup

from tests.source import ROOT
from vmps.demo.districts import BIRCH, DISTRICTS, OAKWOOD, DemoDistrict
from vmps.demo.folder import DemoFolder

START_SECONDS = 30
STOP_SECONDS = 30
COUNTS = """
SELECT (SELECT COUNT(*) FROM user), (SELECT COUNT(*) FROM school),
       (SELECT COUNT(*) FROM student), (SELECT COUNT(*) FROM writeback),
       (SELECT COUNT(*) FROM attempt), (SELECT COUNT(*) FROM audit_entry)
"""
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

    def journal_rows(self, plan: DemoDistrict = OAKWOOD) -> int:
        """Count the attendance rows in a simulator's journal."""
        lines = self.folder.of(plan).journal.read_text().splitlines()
        return len({json.loads(line)["dcid"] for line in lines})

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what the database answers."""
        with sqlite3.connect(f"file:{self.folder.database}?mode=ro", uri=True) as found:
            return found.execute(sql).fetchall()

    def printed_passwords(self) -> dict[str, str]:
        """Return the password beside each e-mail address of the welcome text."""
        return dict(re.findall(r"^ +(\S+@\S+) +(\S+) +\S", self.said, re.MULTILINE))


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


def sign_in(demo: Demo, email: str, password: str) -> requests.Response:
    """Sign in as a browser does; return the page that follows."""
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(f"{demo.folder.web_url}/sign-in", timeout=5)
        form = BeautifulSoup(page.text, "html.parser").select_one("#sign_in-form")
        assert form
        token = form.select_one("[name=csrf_token]")
        assert token
        given = {"csrf_token": token["value"], "email": email, "password": password}
        url = f"{demo.folder.web_url}{form['action']}"
        return browser.post(url, data=given, timeout=5)


def test_both_districts_have_a_powerschool_with_nothing_written(demo: Demo) -> None:
    for plan in DISTRICTS:
        url = demo.folder.simulator_url(plan)
        assert requests.get(f"{url}/_simulator/health", timeout=5).status_code == 200
        assert demo.journal_rows(plan) == 0


def test_everybody_signs_in_with_the_printed_password(demo: Demo) -> None:
    printed = demo.printed_passwords()
    assert {email.partition("@")[0] for email in printed} == {
        "alice",
        "bob",
        "stella",
        "charlie",
        "dana",
    }
    for email, password in printed.items():
        page = sign_in(demo, email, password)
        assert page.status_code == 200
        assert "/sign-in" not in page.url
    assert sign_in(demo, "alice@oakwood.example", "wrong").status_code == 422


def test_the_past_has_every_status_but_nothing_waits(demo: Demo) -> None:
    found = demo.ask("SELECT DISTINCT district_id, status FROM writeback ORDER BY 1, 2")
    settled = ("failed", "not_sent", "successful")
    assert found == [(district, status) for district in (1, 2) for status in settled]


def test_a_first_rush_becomes_rows_and_writebacks(demo: Demo) -> None:
    said = demo.run("rush")
    assert re.search(r"accepted +360\n +already_recorded +1\n +duplicate +1\n", said)
    assert re.search(r"rejected +1\n", said)
    assert re.search(r"successful +360\n", said)
    assert demo.journal_rows() == 360


def test_its_writebacks_are_listed(demo: Demo) -> None:
    today = datetime.now(ZoneInfo(OAKWOOD.timezone)).date().isoformat()
    which = ["--district", "Oakwood", "--day", today, "--limit", "1000", "--json"]
    listed = json.loads(demo.run("writebacks", "list", *which))
    assert len(listed) == 360
    assert {line["status"] for line in listed} == {"successful"}


def test_a_rush_is_oakwood_s_alone(demo: Demo) -> None:
    assert demo.journal_rows(BIRCH) == 0


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
    lines = demo.folder.of(OAKWOOD).roster.read_text().splitlines()
    (*_, last) = (line for line in lines if line.startswith("1817,"))
    school, student = last.split(",")[:2]
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
    assert len(processes) >= 8
    assert demo.stop() == 0
    assert [p for p in processes if p.is_running()] == []


def test_it_starts_again_where_it_was(demo: Demo) -> None:
    kept, counts = demo.folder.read(), demo.ask(COUNTS)
    demo.start()
    assert demo.folder.read() == kept
    assert demo.ask(COUNTS) == counts
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
