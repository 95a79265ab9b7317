"""What every test may ask for: a database of either kind, servers, the application."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.emptying import empty_tables
from tests.kept_templates import KeptTemplates
from tests.servers import PostgreSQL, Valkey, postgresql_tool
from vmps import db, migrations, secrets
from vmps.config import Settings, load_settings
from vmps.simulator.control import Simulator

ENGINES = ("sqlite", "postgresql")
#: For a slow test of what no engine makes a difference to.
ON_SQLITE, ON_POSTGRESQL = (
    pytest.mark.parametrize("database_url", [engine], indirect=True)
    for engine in ENGINES
)
#: SQLite's pragmas as they are in production.
PRAGMAS = dict(db._PRAGMAS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out to the workers of `pytest -n 2`, if there are any."""
    from tests.workers import ModuleByModule  # noqa: PLC0415 xdist may be missing

    return ModuleByModule(config, log)


@pytest.fixture(scope="session", autouse=True)
def quick_sqlite() -> Iterator[None]:
    """No commit of this process waits for the disk; those of other processes do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(db._PRAGMAS, "synchronous", "off")
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server for the whole run."""
    if postgresql_tool("initdb") is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    server = PostgreSQL.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A Redis-protocol server for the whole run."""
    server = Valkey.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    db.configure(f"sqlite:///{path}")
    migrations.upgrade()
    db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.drop_connection()
    return path


@pytest.fixture(scope="session")
def postgresql_url(postgresql: PostgreSQL) -> str:
    """A migrated, empty PostgreSQL database, emptied before each test."""
    url = postgresql.create_database("shared")
    db.configure(url)
    migrations.upgrade()
    db.drop_connection()
    return url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database that the process is bound to: each engine in turn."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "vmps.sqlite3")
        url = f"sqlite:///{tmp_path}/vmps.sqlite3"
        db.configure(url)
    else:
        url = request.getfixturevalue("postgresql_url")
        db.configure(url)
        empty_tables()
    yield url
    db.drop_connection()


@pytest.fixture
def statements(database_url: str) -> Iterator[list[str]]:
    """The kinds of statements from now on, without BEGIN and COMMIT."""
    heard: list[str] = []

    def listen(event: Any) -> None:
        heard.append(event.sql.split()[0])

    db.database.query_hooks.append(listen)
    yield heard
    db.database.query_hooks.remove(listen)


@pytest.fixture
def config(database_url: str) -> dict[str, Any]:
    """The configuration of a process under test."""
    return {
        "ENVIRONMENT": "development",
        "DATABASE_URL": database_url,
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "KIOSK_CACHE_SECONDS": 0,
        "LOG_LEVEL": "WARNING",
        "PLAIN_HTTP": True,
        "CDN": False,
    }


@pytest.fixture
def settings(config: dict[str, Any]) -> Settings:
    """The settings of `config`, with the encryption keys loaded."""
    found = load_settings(config, environ={})
    secrets.configure(found.encryption_keys)
    return found


@pytest.fixture
def app(config: dict[str, Any]) -> Flask:
    """The application on the test's database."""
    found = create_app(config)
    found.jinja_env.bytecode_cache = KeptTemplates()
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser or kiosk without cookies."""
    return app.test_client()


@pytest.fixture(scope="session")
def shared_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One simulator process for the whole run."""
    simulator = Simulator.start(tmp_path_factory.mktemp("simulator"))
    yield simulator
    simulator.stop()
