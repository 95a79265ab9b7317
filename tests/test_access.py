"""Who may use what: every route with every method, for every kind of visitor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.cast import NOW
from tests.clock import Watch
from tests.outcomes import (
    SIGN_IN,
    Outcome,
    Row,
    admins,
    admins_of_school,
    district_admins,
    everybody,
    row,
    signed_in,
)
from tests.routes import Route, routes
from tests.tabs.visitor import Page, Visitor
from tests.world import SENTINEL, Objects, World, make_world
from vmps import db
from vmps.models import User

#: What each visitor gets with an empty form and its token, by method and endpoint. The
#: objects in the address are of the school that Stella and Bob are assigned to.
ACCESS: dict[str, Row] = {
    "GET static": everybody(200),
    "GET health.live": everybody(200),
    "GET health.ready": everybody(503),  # no scheduler runs in tests
    "GET metrics.show": everybody(200),
    "POST webhooks.receive": everybody(415),  # a form is no event
    "GET sign_in.index": row(200, 303, 303, 303, 303),
    "POST sign_in.enter": everybody(422),
    "POST sign_in.leave": signed_in(SIGN_IN),
    "GET sign_in.go_back": everybody(SIGN_IN),
    "GET home.index": signed_in(200, admins=303),
    "GET password.index": signed_in(200),
    "POST password.update": signed_in(422),
    "GET settings.index": district_admins(200),
    "POST settings.update": district_admins(422),
    "POST settings.check": district_admins(200),
    "GET settings.show_test": district_admins(303),
    "POST settings.detect": district_admins(409),
    "POST settings.confirm": district_admins(422),
    "GET settings.show_identity": district_admins(303),
    "GET settings.download": district_admins(200),
    "GET schools.index": admins(200),
    "POST schools.check": admins(409),  # nobody answers
    "GET schools.go_back_from_modes": admins(303),
    "GET schools.preview": district_admins(200),
    "POST schools.permit": district_admins(422),
    "POST schools.prevent": district_admins(422),
    "POST schools.update": admins(303),
    "POST schools.send": admins_of_school(303),
    "GET schools.go_back": admins_of_school(303),
    "GET schools.go_back_to_overrides": district_admins(303),
    "GET logs.index": admins(200),
    "GET logs.show": admins_of_school(200),
    "GET logs.show_row": admins_of_school(303),
    "POST logs.retry": admins_of_school(303),
    "POST logs.enter_by_hand": admins_of_school(303),
    "GET logs.go_back": admins_of_school(303),
    "GET changes.show_void": admins_of_school(200),
    "POST changes.void": admins_of_school(422),
    "GET changes.show_restore": admins_of_school(422),  # it is not void
    "POST changes.restore": admins_of_school(422),
    "GET changes.edit": admins_of_school(200),
    "POST changes.preview": admins_of_school(422),
    "POST changes.correct": admins_of_school(422),
    "GET changes.go_back": admins_of_school(303),
    "GET preview.index": admins(200),
    "POST preview.show": admins_of_school(422),
    "GET preview.go_back": admins_of_school(303),
    "GET reconciliation.index": admins(200),
    "POST reconciliation.compare": admins(422),
    "POST reconciliation.resend": admins_of_school(422),
    "GET reconciliation.go_back": admins_of_school(303),
    "GET tracking.index": admins(200),
    "POST tracking.update": admins_of_school(303),
    "POST tracking.arrange": admins_of_school(303),
    "GET tracking.go_back": admins_of_school(303),
    "GET tracking.index_codes": admins(200),
    "POST tracking.import_many": admins(422),
    "GET tracking.show_codes": admins_of_school(200),
    "POST tracking.update_codes": admins_of_school(303),
    "POST tracking.import_one": admins_of_school(422),  # nobody answers
    "GET tracking.go_back_to_codes": admins_of_school(303),
    "GET tracking.index_tardies": admins(200),
    "POST tracking.update_tardies": admins(303),
    "GET tracking.show_tardies": admins_of_school(200),
    "GET tracking.preview_tardies": district_admins(200),
    "POST tracking.prevent_tardies": district_admins(422),
    "POST tracking.permit_tardies": district_admins(422),
    "GET tracking.go_back_to_tardies": district_admins(303),
}


@pytest.fixture
def world(app: Flask) -> World:
    """Both districts, on the application's clock."""
    app.extensions["vmps.clock"] = Watch()
    return make_world()


def visit(app: Flask, world: World, actor: str) -> Visitor:
    """Return this actor's browser."""
    visitor, cast, clock = Visitor(app), world.cast, app.extensions["vmps.clock"]
    users: dict[str, User] = {
        "stella": cast.stella,
        "bob": cast.bob,
        "alice": cast.alice,
        "charlie": cast.charlie,
    }
    if actor in users:
        visitor.sign_in_as(users[actor])
    elif actor == "disabled":
        User.update(disabled_at=None).where(User.id == world.disabled.id).execute()
        visitor.sign_in_as(User.get_by_id(world.disabled.id))
        User.update(disabled_at=NOW).where(User.id == world.disabled.id).execute()
    elif actor == "expired":
        clock.now = NOW - timedelta(
            minutes=app.extensions["vmps.settings"].session_idle_minutes
        )
        visitor.sign_in_as(cast.alice)
        clock.now = NOW
    return visitor


def send(
    visitor: Visitor,
    route: Route,
    objects: Objects,
    *,
    query: str = "",
    htmx: bool = False,
) -> Page:
    """Send an empty form with its token, or load the page."""
    path = route.path(visitor.app, objects.arguments()) + query
    if not route.is_unsafe:
        return visitor.get(path, htmx=htmx)
    assert route.method == "POST", "browsers without JavaScript send nothing else"
    return visitor.post(path, htmx=htmx)


def outcome(page: Page) -> Outcome:
    is_sign_in = page.status == 303 and page.location.startswith("/sign-in/")
    return SIGN_IN if is_sign_in else page.status


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a visitor did, so that the next finds the same world."""
    with db.database.atomic() as transaction:
        yield
        transaction.rollback()


def test_every_route_is_in_the_table(app: Flask) -> None:
    unlisted = sorted({route.name for route in routes(app)} - ACCESS.keys())
    lines = [f'"{name}": admins(200),' for name in unlisted]
    assert unlisted == [], (
        "say in ACCESS of tests/test_access.py what each visitor gets, for example:\n"
        + "\n".join(lines)
    )


def test_every_line_of_the_table_is_a_route(app: Flask) -> None:
    gone = sorted(ACCESS.keys() - {route.name for route in routes(app)})
    assert gone == [], f"take these out of ACCESS in tests/test_access.py: {gone}"


@pytest.mark.parametrize("name", ACCESS)
def test_each_visitor_gets_what_the_table_says(
    app: Flask, world: World, name: str
) -> None:
    found = [route for route in routes(app) if route.name == name]
    got: Row = {}
    for actor in ACCESS[name]:
        for route in found:
            with undone():
                page = send(visit(app, world, actor), route, world.near)
            got[actor] = outcome(page)
    assert got == ACCESS[name]


def listed(app: Flask) -> list[Route]:
    """Return the routes of the table; that others are missing is told once."""
    return [route for route in routes(app) if route.name in ACCESS]


def with_ids(app: Flask) -> list[Route]:
    """Return the routes about one object of a school, which people use."""
    return [r for r in listed(app) if r.has_id and not r.is_signed]


def test_a_school_that_is_not_assigned_is_not_found(app: Flask, world: World) -> None:
    got = {}
    for route in with_ids(app):
        with undone():
            bob = outcome(send(visit(app, world, "bob"), route, world.elsewhere))
        with undone():
            alice = outcome(send(visit(app, world, "alice"), route, world.elsewhere))
        got[route.name] = (bob, alice)
    expected = {r.name: (404, ACCESS[r.name]["alice"]) for r in with_ids(app)}
    assert got == expected


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_an_impossible_id_is_not_found(app: Flask, world: World, number: int) -> None:
    got = {}
    for route in with_ids(app):
        arguments = dict.fromkeys(route.rule.arguments, number)
        path = str(route.rule)
        for name in route.rule.arguments:
            path = path.replace(_placeholder(path, name), str(arguments[name]))
        alice = visit(app, world, "alice")
        page = alice.post(path) if route.is_unsafe else alice.get(path)
        got[route.name] = page.status
    assert got == dict.fromkeys(got, 404)


def _placeholder(path: str, name: str) -> str:
    """Return `<int:school_id>` of a rule; its converter may know the largest id."""
    start = path.rindex("<", 0, path.index(f"{name}>"))
    return path[start : path.index(">", start) + 1]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_about_a_page_needs_signing_in_as_the_page_does(
    app: Flask, world: World, method: str
) -> None:
    got = {}
    for route in [r for r in listed(app) if not r.is_unsafe]:
        path = route.path(app, world.near.arguments())
        client = visit(app, world, "anonymous").client
        asked = Page(client.open(path, method=method, buffered=True))
        got[route.name] = outcome(asked) == SIGN_IN
    assert got == {name: ACCESS[name]["anonymous"] == SIGN_IN for name in got}


#: How pages are asked for: whole or in part, and for the objects of the query.
WAYS = [(htmx, query) for htmx in (False, True) for query in ("", "?{ids}")]


def walk(app: Flask, world: World, actor: str) -> Iterator[tuple[str, str]]:
    """Yield all that this actor can read, with the name of where."""
    for route, objects in product(routes(app), (world.near, world.foreign)):
        ids = urlencode({"school": objects.school.id, "kiosk": objects.kiosk.id})
        for htmx, query in WAYS:
            with undone():
                visitor = visit(app, world, actor)
                asked = query.format(ids=ids)
                page = send(visitor, route, objects, query=asked, htmx=htmx)
            text = page.response.data.decode(errors="replace")  # a ZIP is no text
            yield route.name, f"{page.response.headers}\n{text}"


#: A walk is on one engine: each page is asked on both in `tests/tabs`.
WALKS = [
    ("anonymous", "sqlite"),
    ("stella", "postgresql"),
    ("bob", "sqlite"),
    ("alice", "postgresql"),
]


@pytest.mark.parametrize(("actor", "database_url"), WALKS, indirect=["database_url"])
def test_nothing_of_birch_reaches_oakwood(app: Flask, world: World, actor: str) -> None:
    leaks = {name for name, text in walk(app, world, actor) if SENTINEL in text.lower()}
    assert leaks == set()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_birch_itself_reads_the_sentinel(app: Flask, world: World) -> None:
    """Or the test above would look for something that nobody shows."""
    seen = {n for n, text in walk(app, world, "charlie") if SENTINEL in text.lower()}
    assert {"GET tracking.index", "GET password.index"} <= seen
