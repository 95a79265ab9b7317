"""The cast in their browsers, on both engines, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.cast import Cast, make_cast
from tests.clock import Watch
from vmps.models import Connection, District, User

from .visitor import Visitor

Browse = Callable[[User], Visitor]


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


def connect(district: District, **more: object) -> Connection:
    """Give the district a connection that nobody answers."""
    given = {
        "base_url": "https://oakwood.example",
        "client_id": "11111111-1111-4111-8111-111111111111",
        "client_secret_token": Connection.seal("first secret"),
    }
    return Connection.create(district=district, **(given | more))
