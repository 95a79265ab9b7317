"""A demo that runs, as the tests start it, ask it and stop it."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import psutil
import requests
from bs4 import BeautifulSoup

from tests.source import ROOT
from vmps.demo.districts import OAKWOOD, DemoDistrict
from vmps.demo.folder import DemoFolder

START_SECONDS = 30
STOP_SECONDS = 30
Page = requests.Response
COMMAND = [sys.executable, "-m", "vmps.demo", "--data"]


class Demo:
    """A demo in a folder of its own, started as `make demo` starts it."""

    def __init__(self, path: Path) -> None:
        self.folder = DemoFolder(path)
        #: The first rush's school day, and the newest writeback before it.
        self.rush_day, self.newest_before = "", 0
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


def sign_in(browser: requests.Session, demo: Demo, email: str, password: str) -> Page:
    """Sign in as a browser does; return the page that follows."""
    form = {"email": email, "password": password}
    return submit(browser, f"{demo.folder.web_url}/sign-in", form)


def submit(browser: requests.Session, url: str, given: dict[str, str]) -> Page:
    """Fill in a page's form, and send it."""
    browser.trust_env = False
    page = BeautifulSoup(browser.get(url, timeout=5).text, "html.parser")
    form = page.select_one("main form[method=post]")
    assert form
    token = form.select_one("[name=csrf_token]")
    assert token
    action = urljoin(url, str(form["action"]))
    return browser.post(
        action, data={"csrf_token": token["value"], **given}, timeout=30
    )
