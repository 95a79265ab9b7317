"""A stage for one situation, on SQLite: what is planned knows no database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clock import Watch
from tests.delivery.conftest import make_dispatcher
from tests.modes.place import BELLS, make_place, seed_of
from tests.modes.situation import Situation
from tests.modes.stage import Seen, Stage
from vmps import db
from vmps.config import Settings
from vmps.services import drain as drains
from vmps.services.drain import drain
from vmps.simulator.control import Simulator

Play = Callable[[str, Situation], Seen]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "vmps.sqlite3")
    url = f"sqlite:///{tmp_path}/vmps.sqlite3"
    db.configure(url)
    yield url
    db.drop_connection()


@pytest.fixture
def config(config: dict[str, Any]) -> dict[str, Any]:
    """A lost answer need not be waited for long."""
    return config | {"ATTEMPT_SECONDS": 4, "CALL_SECONDS": 1}


@pytest.fixture
def play(
    settings: Settings, shared_simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Play:
    """Play a situation of a mode."""
    watch = Watch()
    monkeypatch.setattr(drains, "database_now", watch)
    dispatcher = make_dispatcher(settings, watch)

    def play(mode: str, situation: Situation) -> Seen:
        bells = BELLS if situation.bells is None else situation.bells
        shared_simulator.seed(seed_of(mode, bells))
        oakwood = make_place(shared_simulator.url, mode, **situation.school)
        stage = Stage(
            mode,
            oakwood,
            shared_simulator,
            watch,
            lambda: drain(oakwood.district.id, dispatcher),
        )
        return stage.play(situation)

    return play
