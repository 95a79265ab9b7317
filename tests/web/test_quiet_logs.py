"""Log lines of a whole pass over the pages: ids and types, nobody's name or secret."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import PASSWORD, SECRET
from tests.routes import routes
from tests.tabs.conftest import Browse
from tests.tabs.visitor import Visitor
from tests.world import SECRET as CLIENT_SECRET
from tests.world import World, make_world
from vmps.models import Connection, Kiosk, User, UserSession
from vmps.web.access import public

TYPED = "typed-by-somebody"
#: Every field that any form has, each with something that must not be logged.
FORM = {
    name: f"{TYPED}-{name}"
    for name in (
        "email", "password", "current", "new", "again", "url", "client_id",
        "client_secret", "roster_id", "visible_id", "student", "status", "school",
        "label-new-late_check_in", "note", "next", "name",
    )
}  # fmt: skip


@pytest.fixture
def lines(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[io.StringIO]:
    """What is logged from now on, by anybody, with every traceback.

    Libraries at INFO, as `LOG_LEVEL` is ours alone: Peewee's DEBUG lines hold rows.
    """
    monkeypatch.setattr(logging.getLogger("vmps"), "propagate", True)
    caplog.set_level(logging.DEBUG, logger="vmps")
    caplog.set_level(logging.INFO)
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    yield heard
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def world(app: Flask) -> World:
    """Something behind every route, and a route that breaks."""

    @app.post("/breaks")
    @public
    def breaks() -> str:
        raise ValueError(f"Ada plain, {CLIENT_SECRET}")

    return make_world()


def pass_over(app: Flask, world: World, browse: Browse) -> None:
    """Ask for everything as everybody, with forms filled in."""
    cast = world.cast
    for user in (cast.stella, cast.bob, cast.alice, cast.charlie):
        for route in routes(app):
            visitor = browse(user)
            path = route.path(app, world.near.arguments())
            if not route.is_unsafe:
                visitor.get(f"{path}?student=turing&next=/{TYPED}")
                continue
            visitor.post(path, FORM)
            visitor.client.post(path, data=FORM)


def sign_in_wrongly(app: Flask) -> None:
    """Guess until it takes long, at a known and an unknown address."""
    for email in ("alice@oakwood.example", f"{TYPED}@nowhere.example"):
        for _ in range(6):
            visitor = Visitor(app)
            visitor.post("/sign-in/", {"email": email, "password": TYPED})


def work_rightly(app: Flask, world: World) -> None:
    """Sign in, add a reason, fail to import codes, change the password, sign out."""
    visitor, school = Visitor(app), world.near.school
    who = {"email": "bob@oakwood.example", "password": PASSWORD}
    assert visitor.post("/sign-in/", who).status == 303
    visitor._token = ""  # the form's token is another one now
    page = visitor.get(f"/admin/tracking/?school={school.id}")
    added = page.form("#tracking-form") | {"label-new-late_check_in": TYPED}
    assert visitor.post(f"/admin/tracking/{school.id}", added).status == 303
    assert visitor.post(f"/admin/tracking/{school.id}/codes/import").status == 422
    new = {"current": PASSWORD, "new": f"{TYPED} new", "again": f"{TYPED} new"}
    assert visitor.post("/password/", new).status == 303
    assert visitor.post("/sign-in/leave").status == 303


def private() -> set[str]:
    """Return what the database holds and nobody may read in a log."""
    users = list(User.select())
    connections = list(Connection.select())
    found = {PASSWORD, SECRET, CLIENT_SECRET, TYPED, "ada plain", "turing", "maria"}
    found |= {user.email for user in users} | {user.password_hash for user in users}
    found |= {session.token_digest for session in UserSession.select()}
    found |= {c.client_id for c in connections} | {c.base_url for c in connections}
    found |= {c.client_secret_token for c in connections}
    found |= {kiosk.secret_token for kiosk in Kiosk.select()}
    return {text.lower() for text in found}


def test_a_pass_over_everything_logs_nothing_private(
    app: Flask, world: World, browse: Browse, lines: io.StringIO
) -> None:
    pass_over(app, world, browse)
    work_rightly(app, world)
    sign_in_wrongly(app)
    logged = lines.getvalue().lower()
    assert "sign_in.failed" in logged
    assert [text for text in private() if text in logged] == []


def test_an_error_nobody_expected_is_logged_by_type_and_place(
    app: Flask, world: World, browse: Browse, lines: io.StringIO
) -> None:
    assert browse(world.cast.alice).post("/breaks", FORM).status == 500
    (line,) = [text for text in lines.getvalue().splitlines() if "web." in text]
    assert line.startswith("web.unexpected_error endpoint=breaks error=ValueError at=")
    assert "test_quiet_logs.breaks:" in line
    assert "Ada" not in lines.getvalue()
