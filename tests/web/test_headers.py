"""Headers: the same protection on every answer, whatever its status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from tests.cast import PASSWORD, Cast
from tests.tabs.conftest import Browse
from tests.tabs.visitor import HTMX, Page, Visitor, check_page
from vmps import db
from vmps.web.access import public
from vmps.web.assets import HTMX_CDN

POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
EXPECTED = {
    "Content-Security-Policy": POLICY.format(scripts="'self'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BIG = {"email": "x" * 300_000}


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with a route that breaks."""

    @app.get("/breaks")
    @public
    def breaks() -> str:
        raise ValueError("Maria Lopez")

    return app


#: How to get each status; `v` is Alice's browser, `a` nobody's.
ANSWERS: dict[str, Callable[[Visitor, Visitor], TestResponse]] = {
    "200": lambda v, a: v.client.get("/password/"),
    "200 sign-in": lambda v, a: a.client.get("/sign-in/"),
    "200 fragment": lambda v, a: v.client.get("/password/", headers=HTMX),
    "200 static": lambda v, a: a.client.get("/static/icon.svg", buffered=True),
    "200 program": lambda v, a: a.client.get("/healthz"),
    "303": lambda v, a: v.client.get("/"),
    "303 to sign-in": lambda v, a: a.client.get("/password/"),
    "400": lambda v, a: v.client.post("/password/"),
    "401": lambda v, a: a.client.get("/password/", headers=HTMX),
    "403": lambda v, a: v.client.post(
        "/password/", headers={"Sec-Fetch-Site": "cross-site"}
    ),
    "404": lambda v, a: v.client.get("/nowhere"),
    "404 fragment": lambda v, a: v.client.get("/nowhere", headers=HTMX),
    "404 object": lambda v, a: v.client.get("/admin/tracking/?school=0"),
    "405": lambda v, a: v.client.delete("/admin/tracking/"),
    "413": lambda v, a: v.client.post("/password/", data=BIG),
    "413 program": lambda v, a: a.client.post(
        "/webhooks/kiosks/ksk_x/events", json={"x": "x" * 300_000}
    ),
    "415": lambda v, a: a.client.post("/webhooks/kiosks/ksk_x/events"),
    "422": lambda v, a: v.post("/password/").response,
    "500": lambda v, a: v.client.get("/breaks"),
    "500 fragment": lambda v, a: v.client.get("/breaks", headers=HTMX),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_is_protected(
    browse: Browse, anonymous: Visitor, cast: Cast, name: str
) -> None:
    response = ANSWERS[name](browse(cast.alice), anonymous)
    assert response.status_code == int(name.split()[0])
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED
    assert "Server" not in response.headers
    if response.mimetype == "text/html":
        assert response.headers["Cache-Control"] == "no-store"
        assert "HX-Request" in response.vary


@pytest.mark.parametrize(
    "name", [n for n in ANSWERS if n.split()[0] in {"403", "404", "405", "413", "500"}]
)
def test_an_error_is_a_page_of_ours_for_people(
    browse: Browse, anonymous: Visitor, cast: Cast, name: str
) -> None:
    page = Page(ANSWERS[name](browse(cast.alice), anonymous))
    if "program" in name:
        assert page.response.mimetype == "application/problem+json"
    elif "fragment" in name:
        assert page.headers["HX-Retarget"] == "#alert"
        assert page.all("html") == []
    else:
        check_page(page)
        assert page.all("main h1")


def test_a_405_says_which_methods_there_are(browse: Browse, cast: Cast) -> None:
    response = browse(cast.alice).client.delete("/admin/tracking/")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_static_files_with_their_digest_are_kept_for_a_year(
    anonymous: Visitor, cast: Cast
) -> None:
    page = anonymous.get("/sign-in/")
    for address in [tag["href"] for tag in page.all("link[rel=stylesheet]")]:
        kept = anonymous.client.get(address, buffered=True).headers["Cache-Control"]
        assert kept == "public, max-age=31536000, immutable"


def test_only_the_cdn_s_one_file_is_allowed_beside_ours(config: dict[str, Any]) -> None:
    response = create_app(config | {"CDN": True}).test_client().get("/sign-in/")
    policy = response.headers["Content-Security-Policy"]
    assert policy == POLICY.format(scripts=f"'self' {HTMX_CDN}")
    assert HTMX_CDN.endswith("/htmx.org@4.0.1/dist/htmx.min.js")


# The database


def test_a_missing_table_is_an_error_of_ours(browse: Browse, cast: Cast) -> None:
    alice = browse(cast.alice)
    db.database.execute_sql("ALTER TABLE user_session RENAME TO gone")
    try:
        response = alice.client.get("/password/")
    finally:
        db.database.execute_sql("ALTER TABLE gone RENAME TO user_session")
    assert response.status_code == 503
    check_page(Page(response))


@pytest.fixture
def attempts(no_database: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each try to reach the database that is away."""
    found: list[str] = []
    bound = db.database.obj
    connect = bound.connect

    def counted(*given: Any, **more: Any) -> Any:
        found.append("connect")
        return connect(*given, **more)

    monkeypatch.setattr(bound, "connect", counted)
    return found


@pytest.fixture
def alice(browse: Browse, cast: Cast) -> Visitor:
    """Alice, signed in while the database was there."""
    return browse(cast.alice)


@pytest.mark.parametrize("is_htmx", [False, True])
def test_without_a_database_the_error_page_asks_for_none(
    alice: Visitor, attempts: list[str], *, is_htmx: bool
) -> None:
    page = alice.get("/password/", htmx=is_htmx)
    assert page.status == 503
    assert "The database does not answer." in page.text
    assert page.all("nav") == []
    assert attempts == ["connect"]


def test_without_a_database_even_a_missing_page_is_an_error_of_ours(
    alice: Visitor, no_database: None
) -> None:
    page = alice.get("/nowhere")
    assert page.status == 500
    assert "Nothing was lost" in page.text


def test_without_a_database_the_process_says_it_lives(
    anonymous: Visitor, no_database: None
) -> None:
    assert anonymous.get("/healthz").status == 200
    assert anonymous.get("/readyz").status == 503


# Behind TLS


@pytest.fixture
def secure(config: dict[str, Any], cast: Cast) -> Any:
    """A browser of an installation behind TLS."""
    return create_app(config | {"PLAIN_HTTP": False}).test_client()


def enter(client: Any) -> TestResponse:
    """Sign Alice in over https."""
    page = Page(client.get("/sign-in/", base_url="https://localhost"))
    form = page.form("#sign_in-form")
    form |= {"email": "alice@oakwood.example", "password": PASSWORD}
    answer: TestResponse = client.post(
        "/sign-in/", data=form, base_url="https://localhost"
    )
    return answer


def test_the_cookie_is_bound_to_the_host_and_out_of_scripts_reach(secure: Any) -> None:
    name, *attributes = enter(secure).headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-vmps=")
    assert {a.lower() for a in attributes} == {
        "secure",
        "httponly",
        "path=/",
        "samesite=lax",
    }


def test_browsers_are_told_to_use_tls_always(secure: Any) -> None:
    for path in ("/sign-in/", "/nowhere", "/healthz"):
        response = secure.get(path, base_url="https://localhost")
        assert (
            response.headers["Strict-Transport-Security"]
            == "max-age=31536000; includeSubDomains"
        )


def test_on_plain_http_nobody_is_told_so(anonymous: Visitor, cast: Cast) -> None:
    response = anonymous.client.get("/sign-in/")
    assert "Strict-Transport-Security" not in response.headers
    assert response.headers["Set-Cookie"].startswith("vmps=")
