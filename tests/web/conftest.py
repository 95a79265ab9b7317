"""The cast in their browsers, as for the tabs, and a database that goes away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.servers import free_port
from tests.tabs.conftest import anonymous, browse, cast, watch
from vmps import db

__all__ = ["anonymous", "browse", "cast", "watch"]


@pytest.fixture
def no_database(app: Flask, database_url: str, tmp_path: Path) -> None:
    """From now on the database cannot be reached: its folder or server is gone."""
    if database_url.startswith("sqlite"):
        gone = tmp_path / "gone"
        db.configure(f"sqlite:///{gone}/vmps.sqlite3")
        db._gate.close()  # type: ignore[union-attr]
        shutil.rmtree(gone)
    else:
        db.configure(f"postgresql://vmps@127.0.0.1:{free_port()}/gone")
