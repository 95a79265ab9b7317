"""The database locked, full, restarted: kiosks hear 503 and try again, nothing else."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.homes import Home, make_home
from tests.faults.processes import Installation, report, wait_until
from tests.servers import PostgreSQL, Valkey
from vmps import db, migrations, secrets
from vmps.config import load_settings
from vmps.simulator.control import Simulator

LOCKED_SECONDS = 10
FULL_BYTES = 12 * 1024 * 1024


@pytest.fixture
def fresh_home(shared_simulator: Simulator) -> Iterator[Home]:
    """Oakwood in the database that the process is bound to, migrated just now."""
    secrets.configure(load_settings({"ENVIRONMENT": "development"}).encryption_keys)
    migrations.upgrade()
    yield make_home(shared_simulator, students=60)
    db.drop_connection()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database of this test alone."""
    url = f"sqlite:///{tmp_path}/alone.sqlite3"
    db.configure(url)
    return url


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of twelve megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={FULL_BYTES}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def own_server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server that may be crashed."""
    server = PostgreSQL.start()
    yield server
    server.stop()


def start(folder: Path, url: str, redis: Valkey, **more: str) -> Installation:
    """Start an installation on a database that is not one of the shared ones."""
    installation = Installation(folder, url, redis.url, **more)
    installation.start_all()
    return installation


def test_a_database_locked_for_ten_seconds_only_delays(
    tmp_path: Path, sqlite_url: str, redis: Valkey, fresh_home: Home
) -> None:
    installation = start(tmp_path, sqlite_url, redis)
    try:
        desk = installation.open_desk(fresh_home)
        desk.report_all(fresh_home.sis_ids[:20])
        locker = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
        locker.execute("BEGIN IMMEDIATE")
        sending = threading.Thread(
            target=desk.report_all, args=(fresh_home.sis_ids[20:40],)
        )
        sending.start()
        time.sleep(LOCKED_SECONDS)
        locker.rollback()
        locker.close()
        sending.join()
        installation.settle(30)
        installation.assert_exactly_once()
        assert "503" in desk.refusals
        report(slowest=round(max(desk.seconds), 2))
    finally:
        installation.kill_all()


def test_a_full_disk_is_told_and_what_was_promised_is_kept(
    tmp_path: Path, small_disk: Path, redis: Valkey, shared_simulator: Simulator
) -> None:
    url = f"sqlite:///{small_disk}/vmps.sqlite3"
    db.configure(url)
    migrations.upgrade()
    secrets.configure(load_settings({"ENVIRONMENT": "development"}).encryption_keys)
    home = make_home(shared_simulator, students=60)
    installation = start(tmp_path, url, redis)
    try:
        desk = installation.open_desk(home)
        desk.report_all(home.sis_ids[:20])
        fill(small_disk / "rubbish")
        sending = threading.Thread(target=desk.report_all, args=(home.sis_ids[20:],))
        sending.start()
        wait_until(lambda: desk.refusals.count("503") >= 5, 20, "kiosks hear 503")
        (small_disk / "rubbish").unlink()
        sending.join()
        installation.settle(30)
        installation.assert_exactly_once()
    finally:
        installation.kill_all()
        db.drop_connection()


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _new_home(server: PostgreSQL, simulator: Simulator) -> tuple[str, Home]:
    """Make a district in a database of its own; return that database's URL too."""
    url = server.create_database("crashed")
    db.configure(url)
    migrations.upgrade()
    secrets.configure(load_settings({"ENVIRONMENT": "development"}).encryption_keys)
    return url, make_home(simulator, students=60)


def test_a_crashed_postgresql_comes_back_and_the_same_processes_go_on(
    tmp_path: Path,
    own_server: PostgreSQL,
    redis: Valkey,
    shared_simulator: Simulator,
) -> None:
    url, home = _new_home(own_server, shared_simulator)
    shared_simulator.settings(latency_ms=30, version="24.11.0.0")
    installation = start(tmp_path, url, redis)
    try:
        desk = installation.open_desk(home)
        desk.flush(home.sis_ids[:30])
        wait_until(lambda: bool(shared_simulator.journal()), 10, "the first row")
        own_server.halt("immediate")
        sending = threading.Thread(target=desk.report_all, args=(home.sis_ids[30:50],))
        sending.start()
        wait_until(lambda: "503" in desk.refusals, 20, "kiosks hear 503")
        own_server.launch()
        sending.join()
        db.drop_connection()
        installation.settle(30)
        # Each process by itself has found the database again.
        installation.scheduler.kill()
        desk.report(home.sis_ids[50])
        report(settled_by_worker_alone=round(installation.settle(30), 2))
        installation.assert_exactly_once()
        assert installation.worker.exit_codes == []
    finally:
        installation.kill_all()
        db.drop_connection()
