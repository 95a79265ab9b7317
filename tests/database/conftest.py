"""Empty databases, a PostgreSQL of its own, and other processes."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import PRAGMAS
from tests.servers import PostgreSQL, postgresql_tool
from vmps import db

Start = Callable[..., subprocess.Popen[str]]
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def sqlite_as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here commits wait for the disk, as in production."""
    monkeypatch.setattr(db, "_PRAGMAS", PRAGMAS)


@pytest.fixture(params=("sqlite", "postgresql"))
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on each engine in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/empty.sqlite3"
    else:
        server = request.getfixturevalue("postgresql")
        url = server.create_database(f"empty_{uuid.uuid4().hex}")
    db.configure(url)
    yield url
    db.drop_connection()


@pytest.fixture(scope="module")
def own_postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL that a test may stop and start."""
    if postgresql_tool("initdb") is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    server = PostgreSQL.start()
    yield server
    server.stop()


@pytest.fixture
def start() -> Iterator[Start]:
    """Start another process of `tests.database.worker`; it has begun on return."""
    started: list[subprocess.Popen[str]] = []

    def run(what: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.database.worker", what]
            + [str(argument) for argument in arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        assert process.stdout
        assert process.stdout.readline(), "the process ended before it began"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def finish(*processes: subprocess.Popen[str]) -> list[str]:
    """Let the processes go at once; return the last word of each."""
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0].strip() for process in processes]
