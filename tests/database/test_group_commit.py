"""Requests that write at once: one commit on SQLite, each with its own end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.cast import make_district
from vmps import group_commit
from vmps.db import database, drop_connection
from vmps.models import District
from vmps.write_gate import GateTimeout

pytestmark = pytest.mark.usefixtures("database_url")
WAIT_SECONDS = 10.0


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def commits(database_url: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every commit of this process, by its thread."""
    heard: list[str] = []
    commit = database.obj.commit

    def listen() -> None:
        heard.append(threading.current_thread().name)
        commit()

    monkeypatch.setattr(database.obj, "commit", listen)
    return heard


def together(works: list[Callable[[], Any]]) -> list[Any]:
    """Run these at the same moment, each in a thread; return results and errors."""
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        begin.wait()
        try:
            return group_commit.commit_together(work, wait_seconds=WAIT_SECONDS)
        except ValueError as error:
            return error
        finally:
            drop_connection()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_each_gets_what_its_own_work_gave() -> None:
    names = [f"District {n}" for n in range(8)]
    made = together([lambda name=name: make_district(name).name for name in names])
    assert made == names
    assert District.select().count() == 8


@on_sqlite
def test_waiting_requests_share_a_commit(commits: list[str]) -> None:
    with group_commit._turn:
        pool = ThreadPoolExecutor(1)
        names = [f"District {n}" for n in range(8)]
        works = [lambda name=name: make_district(name).name for name in names]
        made = pool.submit(together, works)
        while len(group_commit._waiting) < 8:
            threading.Event().wait(0.01)
    assert made.result() == names
    assert len(commits) == 1
    pool.shutdown()


def test_one_that_fails_takes_no_neighbour_with_it() -> None:
    def fail() -> None:
        make_district("Nowhere")
        raise ValueError("poison")

    names = [f"District {n}" for n in range(4)]
    works: list[Any] = [lambda name=name: make_district(name).name for name in names]
    ended = together([*works, fail])
    assert ended[:4] == names
    assert isinstance(ended[4], ValueError)
    assert sorted(d.name for d in District.select()) == names


@on_sqlite
def test_one_that_waits_too_long_is_withdrawn() -> None:
    with group_commit._turn, pytest.raises(GateTimeout):
        group_commit.commit_together(lambda: make_district(), wait_seconds=0.05)
    group_commit.commit_together(lambda: None, wait_seconds=1)
    assert District.select().count() == 0
