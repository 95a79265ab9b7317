"""One past for many tests that only look at it, on each engine in turn."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.conftest import ENGINES
from tests.demo.places import Place, make_place
from vmps import db, migrations, secrets
from vmps.config import DEVELOPMENT_ENCRYPTION_KEY


@pytest.fixture(scope="module", params=ENGINES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """Oakwood with some weeks behind it; nobody changes it."""
    path = tmp_path_factory.mktemp("past")
    url = f"sqlite:///{path}/vmps.sqlite3"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = server.create_database(f"past_{uuid.uuid4().hex}")
    secrets.configure((DEVELOPMENT_ENCRYPTION_KEY,))
    db.configure(url)
    migrations.upgrade()
    yield make_place(path / "demo", url)
    db.drop_connection()
