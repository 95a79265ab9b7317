"""The cast in their browsers, with a clock that a test moves."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pytest
from flask import Flask

from tests.cast import OAKWOOD_SEED, Cast, make_cast
from tests.clock import Watch
from tests.conftest import ENGINES
from vmps.models import Connection, District, School, User
from vmps.simulator.control import Simulator

from .reason_page import Desk
from .visitor import Visitor

Browse = Callable[[User], Visitor]

#: What is about two at once runs on both engines.
ON_BOTH = ("together", "at_once", "changes", "overrides")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each page's tests on both engines, but each single test on one of them."""
    if "database_url" not in metafunc.fixturenames:
        return
    marks = metafunc.definition.iter_markers("parametrize")
    is_chosen = any("database_url" in str(mark.args[0]) for mark in marks)
    module = metafunc.module.__name__
    if is_chosen or module.endswith(ON_BOTH):
        return
    name = f"{module}.{metafunc.function.__name__}"
    engine = ENGINES[zlib.crc32(name.encode()) % len(ENGINES)]
    one = pytest.mark.parametrize("database_url", [engine], indirect=True)
    metafunc.definition.add_marker(one)


@pytest.fixture
def watch(app: Flask) -> Watch:
    """The clock; it stands at 8:14 in Chicago until a test moves it."""
    found = Watch()
    app.extensions["vmps.clock"] = found
    return found


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Oakwood and Birch with their people; nobody is connected."""
    return make_cast()


@pytest.fixture
def anonymous(app: Flask, watch: Watch) -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor(app)


@pytest.fixture
def browse(app: Flask, watch: Watch) -> Browse:
    """Return a browser in which this user is signed in."""

    def open_browser(user: User) -> Visitor:
        visitor = Visitor(app)
        visitor.sign_in_as(user)
        return visitor

    return open_browser


@pytest.fixture
def alice(cast: Cast, browse: Browse) -> Visitor:
    """Alice's browser."""
    return browse(cast.alice)


@pytest.fixture
def bob(cast: Cast, browse: Browse) -> Visitor:
    """Bob's browser."""
    return browse(cast.bob)


@pytest.fixture
def school(cast: Cast) -> School:
    """Oakwood's first school, which is Bob's too."""
    return cast.schools["1817"]


@pytest.fixture
def desk(cast: Cast, school: School) -> Desk:
    """Where events of that school fail."""
    return Desk(cast, school)


@pytest.fixture
def connected(cast: Cast) -> None:
    """Both districts have a connection."""
    connect(cast.oakwood)
    connect(cast.birch)


@pytest.fixture
def simulator(shared_simulator: Simulator, cast: Cast) -> Simulator:
    """Oakwood's PowerSchool, healthy and not asked yet."""
    shared_simulator.seed(OAKWOOD_SEED)
    shared_simulator.reset_calls()
    connect(
        cast.oakwood,
        base_url=shared_simulator.url,
        client_id=OAKWOOD_SEED["client_id"],
        client_secret_token=Connection.seal(OAKWOOD_SEED["client_secret"]),
    )
    return shared_simulator


def connect(district: District, **more: object) -> Connection:
    """Give the district a connection that nobody answers."""
    given = {
        "base_url": "https://oakwood.example",
        "client_id": "11111111-1111-4111-8111-111111111111",
        "client_secret_token": Connection.seal("first secret"),
    }
    return Connection.create(district=district, **(given | more))
