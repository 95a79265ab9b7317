"""Forged requests: every route that changes something, each way of forging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import PASSWORD
from tests.routes import routes, unsafe_routes
from tests.tabs.conftest import Browse
from tests.tabs.visitor import HTMX, Page, Visitor
from tests.world import World, make_world

FOREIGN = {"Origin": "https://evil.example"}


@pytest.fixture
def world(app: Flask) -> World:
    """Something behind every route."""
    return make_world()


@pytest.fixture
def alice(world: World, browse: Browse) -> Visitor:
    """Who may send every form."""
    return browse(world.cast.alice)


def answers(
    visitor: Visitor,
    world: World,
    headers: Mapping[str, str],
    data: Mapping[str, Any] | None = None,
) -> dict[str, int]:
    """Return the status of every unsafe route, sent like this."""
    return {
        route.name: visitor.client.open(
            route.path(visitor.app, world.near.arguments()),
            method=route.method,
            data=data,
            headers=dict(headers),
        ).status_code
        for route in unsafe_routes(visitor.app)
    }


def only(status: int, got: Mapping[str, int]) -> dict[str, int]:
    """Return what each route had to answer."""
    assert got, "there are routes to walk"
    return dict.fromkeys(got, status)


@pytest.mark.parametrize("headers", [{}, HTMX, {"Sec-Fetch-Site": "same-origin"}])
def test_no_token_is_refused(
    alice: Visitor, world: World, headers: Mapping[str, str]
) -> None:
    got = answers(alice, world, headers)
    assert got == only(400, got)


@pytest.mark.parametrize("token", ["", "x", "IjEi.a.b"])
def test_a_wrong_token_is_refused(alice: Visitor, world: World, token: str) -> None:
    got = answers(alice, world, {}, {"csrf_token": token})
    assert got == only(400, got)


def test_another_browser_s_token_is_refused(
    alice: Visitor, world: World, browse: Browse
) -> None:
    data = {"csrf_token": browse(world.cast.bob).token()}
    for headers in ({}, {"X-CSRFToken": data["csrf_token"]}):
        got = answers(alice, world, headers, data)
        assert got == only(400, got)


def test_the_token_of_before_signing_in_is_refused_after(
    anonymous: Visitor, world: World
) -> None:
    before = {"csrf_token": anonymous.token()}
    form = {"email": "alice@oakwood.example", "password": PASSWORD}
    assert anonymous.post("/sign-in/", form).status == 303
    got = answers(anonymous, world, {}, before)
    assert got == only(400, got)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        FOREIGN,
        {"Origin": "https://localhost.evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "http://[localhost"},  # no address at all
        FOREIGN | HTMX,
    ],
)
def test_another_site_s_form_is_refused_even_with_a_token(
    alice: Visitor, world: World, headers: Mapping[str, str]
) -> None:
    got = answers(alice, world, headers, {"csrf_token": alice.token()})
    assert got == only(403, got)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},  # by our Referrer-Policy, browsers say no more
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_forms_pass(
    alice: Visitor, world: World, headers: Mapping[str, str]
) -> None:
    # Sign-out comes last, or its token would be the others'.
    data = {"csrf_token": alice.token()}
    got = answers(alice, world, headers, data)
    signs_out = "POST sign_in.leave"
    assert {n for n, status in got.items() if status in {400, 403}} <= {signs_out}


def test_whoever_is_refused_is_told_to_load_the_page_again(alice: Visitor) -> None:
    page = Page(alice.client.post("/password/"))
    assert "This form is too old to be sent" in page.text
    forged = Page(alice.client.post("/password/", headers=FOREIGN))
    assert "sent from another site" in forged.text


def test_a_webhook_needs_no_token_but_a_signature(
    app: Flask, client: FlaskClient, world: World
) -> None:
    signed = [route for route in routes(app) if route.is_signed]
    assert signed
    for route in signed:
        path = route.path(app, world.near.arguments())
        for headers in ({}, FOREIGN, {"Sec-Fetch-Site": "cross-site"}):
            answer = client.post(path, json={}, headers=headers)
            assert answer.status_code == 401, route.name


def test_reading_changes_nothing_so_needs_no_token(app: Flask) -> None:
    methods = {route.method for route in routes(app)}
    assert methods <= {"GET", "POST"}
