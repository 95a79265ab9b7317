"""The demo for real: started, rushed, broken, used by a program, and stopped."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup

from tests.demo.running import (
    COMMAND,
    START_SECONDS,
    STOP_SECONDS,
    Demo,
    sign_in,
    submit,
    wait_until,
)
from tests.source import ROOT
from vmps.demo.districts import BIRCH, DISTRICTS, OAKWOOD

COUNTS = """
SELECT (SELECT COUNT(*) FROM user), (SELECT COUNT(*) FROM school),
       (SELECT COUNT(*) FROM student), (SELECT COUNT(*) FROM writeback),
       (SELECT COUNT(*) FROM attempt), (SELECT COUNT(*) FROM audit_entry)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo for all these tests, which come in their order."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "data")
    demo.start()
    yield demo
    if demo.process.poll() is None:
        demo.stop()


def test_both_districts_have_a_powerschool_with_the_past_in_it(demo: Demo) -> None:
    for plan in DISTRICTS:
        url = demo.folder.simulator_url(plan)
        health = requests.get(f"{url}/_simulator/health", timeout=5).json()
        assert health["rows"] == demo.journal_rows(plan) > 100


def test_every_mode_has_been_at_work(demo: Demo) -> None:
    found = demo.ask(
        "SELECT s.mode, COUNT(*) FROM writeback w JOIN school s ON s.id = w.school_id"
        " WHERE w.status = 'successful' GROUP BY s.mode ORDER BY s.mode"
    )
    assert [mode for mode, _ in found] == ["daily", "meeting", "time"]
    assert min(count for _, count in found) > 300


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
        with requests.Session() as browser:
            page = sign_in(browser, demo, email, password)
        assert page.status_code == 200
        assert "/sign-in" not in page.url
    with requests.Session() as browser:
        page = sign_in(browser, demo, "alice@oakwood.example", "wrong")
    assert page.status_code == 422


def test_the_past_has_every_status_but_nothing_waits(demo: Demo) -> None:
    found = demo.ask("SELECT DISTINCT district_id, status FROM writeback ORDER BY 1, 2")
    settled = ("failed", "not_sent", "successful")
    assert found == [(district, status) for district in (1, 2) for status in settled]


def test_a_first_rush_becomes_rows_and_writebacks(demo: Demo) -> None:
    before, birch = demo.journal_rows(), demo.journal_rows(BIRCH)
    ((demo.newest_before,),) = demo.ask("SELECT MAX(id) FROM writeback")
    said = demo.run("rush")
    demo.rush_day = re.findall(r" of (\d{4}-\d\d-\d\d):", said)[0]
    assert re.search(r"accepted +360\n +already_recorded +1\n +duplicate +1\n", said)
    assert re.search(r"rejected +1\n", said)
    assert re.search(r"successful +360\n", said)
    # A row for each student in Daily and Time mode, for each class in Meeting mode.
    assert demo.journal_rows() >= before + 360
    assert demo.journal_rows(BIRCH) == birch


def test_its_writebacks_are_listed(demo: Demo) -> None:
    which = ["--district", "Oakwood", "--day", demo.rush_day, "--limit", "1000"]
    found = json.loads(demo.run("writebacks", "list", *which, "--json"))
    listed = [line for line in found if line["id"] > demo.newest_before]
    assert len(listed) == 360
    assert {line["status"] for line in listed} == {"successful"}


def test_reconciliation_of_its_day_finds_nothing_unexplained(demo: Demo) -> None:
    kept, url = demo.folder.read(), demo.folder.web_url
    email = "alice@oakwood.example"
    with requests.Session() as browser:
        sign_in(browser, demo, email, kept["DEMO_PASSWORD_ALICE"])
        for (school,) in demo.ask("SELECT id FROM school WHERE district_id = 1"):
            page = submit(
                browser,
                f"{url}/admin/powerschool/reconciliation/",
                {"school": str(school), "day": demo.rush_day},
            )
            text = BeautifulSoup(page.text, "html.parser").get_text(" ", strip=True)
            no_mode = "Choose the school's attendance mode first." in text
            assert no_mode == (school == 5)
            is_well = "PowerSchool holds what it should." in text
            is_told = "Nothing differs that the log does not explain." in text
            assert is_well or is_told or no_mode, text


def test_a_worker_that_is_killed_is_started_again(demo: Demo) -> None:
    killed = demo.process_of("jobs work")
    killed.kill()
    wait_until(lambda: not killed.is_running(), STOP_SECONDS)
    assert demo.process_of("jobs work").pid != killed.pid


def test_a_second_rush_brings_other_students(demo: Demo) -> None:
    before = demo.journal_rows()
    said = demo.run("rush")
    assert re.search(r"successful +360\n", said)
    new = demo.journal_rows() - before
    assert new >= 360
    assert f"holds {before + new} attendance rows, {new} of them new" in said


def test_the_documented_program_reports_an_event(demo: Demo, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "kiosk-webhook.md").read_text()
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "kiosk.py").write_text(program)
    before = demo.journal_rows()
    kept = demo.folder.read()
    url = f"{demo.folder.web_url}/webhooks/kiosks/{kept['DEMO_KIOSK_ID']}/events"
    lines = demo.folder.of(OAKWOOD).roster.read_text().splitlines()
    (*_, last) = (line for line in lines if line.startswith("1819,"))
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
    newest = "SELECT status, cause FROM writeback ORDER BY id DESC LIMIT 1"
    wait_until(lambda: demo.ask(newest)[0][0] != "pending", START_SECONDS)
    # It happened just now: at night, after the school's last bell.
    is_refused = demo.ask(newest) == [("failed", "outside_day")]
    assert is_refused or demo.ask(newest)[0][0] == "successful"
    assert demo.journal_rows() == before + (not is_refused)


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
    kept, counts, rows = demo.folder.read(), demo.ask(COUNTS), demo.journal_rows()
    demo.start()
    assert demo.folder.read() == kept
    assert demo.ask(COUNTS) == counts
    assert demo.journal_rows() == rows
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
