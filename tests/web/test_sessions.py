"""Sessions in the browser: what ends them, and that the server has the say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.cast import NOW, PASSWORD, Cast
from tests.tabs.conftest import Browse, Watch
from tests.tabs.visitor import HTMX, Visitor
from vmps.models import User, UserSession
from vmps.services.users import disable_user, enable_user, set_password

PAGE = "/password/"
OTHER = "seven quiet lanterns"


@pytest.fixture
def alice(cast: Cast, browse: Browse) -> Visitor:
    """Alice's browser."""
    return browse(cast.alice)


def enter(visitor: Visitor, password: str = PASSWORD) -> int:
    """Sign Alice in as a person does."""
    form = {"email": "alice@oakwood.example", "password": password}
    return visitor.post("/sign-in/", form).status


def is_signed_in(visitor: Visitor) -> bool:
    status = visitor.get(PAGE).status
    assert status in {200, 303}
    return status == 200


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("vmps")
    return str(found.value) if found else ""


def replay(app: Flask, value: str) -> Visitor:
    """Return another browser with a cookie that was seen somewhere."""
    thief = Visitor(app)
    thief.client.set_cookie("vmps", value)
    return thief


def held(visitor: Visitor) -> dict[str, Any]:
    """Return what the cookie holds."""
    with visitor.client.session_transaction() as session:
        return dict(session)


# Beginning


def test_a_session_id_from_before_signing_in_is_not_used(
    anonymous: Visitor, cast: Cast
) -> None:
    with anonymous.client.session_transaction() as session:
        session["_user_id"] = "planted"
    assert enter(anonymous) == 303
    assert held(anonymous)["_user_id"] != "planted"
    assert is_signed_in(anonymous)


def test_signing_in_again_changes_the_id_and_ends_the_older_session(
    app: Flask, anonymous: Visitor, cast: Cast
) -> None:
    enter(anonymous)
    first, old = held(anonymous)["_user_id"], cookie(anonymous)
    anonymous._token = ""  # the form's token of the new page
    enter(anonymous)
    assert held(anonymous)["_user_id"] != first
    assert not is_signed_in(replay(app, old))


def test_the_id_is_random_and_only_its_digest_is_stored(
    anonymous: Visitor, cast: Cast
) -> None:
    enter(anonymous)
    token = held(anonymous)["_user_id"]
    assert len(token) >= 43  # 256 bits
    assert token not in UserSession.get().token_digest


def test_the_cookie_holds_the_token_and_the_form_s_token_only(
    anonymous: Visitor, cast: Cast
) -> None:
    enter(anonymous)
    assert is_signed_in(anonymous)
    assert held(anonymous).keys() == {"_user_id", "csrf_token"}


def test_nobody_s_cookie_holds_the_form_s_token_only(
    anonymous: Visitor, cast: Cast
) -> None:
    anonymous.get("/sign-in/")
    assert held(anonymous).keys() == {"csrf_token"}


def test_a_cookie_that_was_changed_is_nobody_s(app: Flask, alice: Visitor) -> None:
    alice.get(PAGE)
    value = cookie(alice)
    assert is_signed_in(replay(app, value))
    assert not is_signed_in(replay(app, value[:-2] + "AA"))
    assert not is_signed_in(replay(app, "x" * 4000))


# Ending


def test_after_signing_out_the_old_cookie_is_dead(app: Flask, alice: Visitor) -> None:
    alice.get(PAGE)
    old = cookie(alice)
    assert alice.post("/sign-in/leave").location == "/sign-in/"
    assert not is_signed_in(alice)
    assert not is_signed_in(replay(app, old))


def test_disabling_a_user_ends_every_session_for_good(
    alice: Visitor, watch: Watch
) -> None:
    assert is_signed_in(alice)
    disable_user("alice@oakwood.example", actor="test", now=watch.now)
    assert not is_signed_in(alice)
    enable_user("alice@oakwood.example", actor="test", now=watch.now)
    assert not is_signed_in(alice)


def test_a_new_password_from_elsewhere_ends_every_session(
    alice: Visitor, watch: Watch
) -> None:
    assert is_signed_in(alice)
    set_password("alice@oakwood.example", OTHER, actor="test", now=watch.now)
    assert not is_signed_in(alice)


def test_one_s_own_new_password_ends_the_others_only(
    alice: Visitor, cast: Cast, browse: Browse
) -> None:
    other = browse(cast.alice)
    form = {"current": PASSWORD, "new": OTHER, "again": OTHER}
    assert alice.post(PAGE, form).status == 303
    assert is_signed_in(alice)
    assert not is_signed_in(other)


def test_a_role_that_was_taken_away_counts_at_once(alice: Visitor, cast: Cast) -> None:
    assert alice.get("/admin/tracking/").status == 200
    User.update(role="staff").where(User.id == cast.alice.id).execute()
    assert alice.get("/admin/tracking/").status == 403


# Limits: 30 minutes idle, 8 hours in all


def test_the_idle_limit_at_its_edge(alice: Visitor, watch: Watch) -> None:
    watch.advance(minutes=29, seconds=59)
    assert is_signed_in(alice)
    watch.advance(minutes=30)
    assert not is_signed_in(alice)


def test_the_absolute_limit_at_its_edge(alice: Visitor, watch: Watch) -> None:
    while watch.now < NOW + timedelta(hours=7, minutes=50):
        watch.advance(minutes=10)
        assert is_signed_in(alice)
    watch.advance(minutes=9, seconds=59)
    assert is_signed_in(alice)
    watch.advance(seconds=1)
    assert not is_signed_in(alice)


@pytest.mark.parametrize("path", [f"{PAGE}?poll=1", "/admin/tracking/?poll=1"])
def test_polls_keep_no_session_alive(alice: Visitor, watch: Watch, path: str) -> None:
    for _ in range(29):
        watch.advance(minutes=1)
        assert alice.get(path, htmx=True).status == 200
    watch.advance(minutes=1)
    assert alice.get(path, htmx=True).status == 401


# Over, in the middle of work


def over(visitor: Visitor, watch: Watch) -> Visitor:
    watch.advance(hours=1)
    return visitor


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_inside_htmx_the_whole_page_goes_to_sign_in_and_comes_back(
    alice: Visitor, watch: Watch, method: str
) -> None:
    seen = {"HX-Current-URL": "http://localhost/admin/tracking/?school=1&x=%26"}
    answer = over(alice, watch).client.open(PAGE, method=method, headers=HTMX | seen)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == (
        "/sign-in/?next=/admin/tracking/?school%3D1%26x%3D%2526"
    )
    assert answer.data == b""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example//evil.example",
        "https://evil.example/\\evil.example",
        "//evil.example",
        "http://[",
        "javascript:alert(1)",
    ],
)
def test_an_odd_current_url_leads_nowhere_else(
    alice: Visitor, watch: Watch, url: str
) -> None:
    headers = HTMX | {"HX-Current-URL": url}
    answer = over(alice, watch).client.get(PAGE, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in/")
    page = Visitor(alice.app).get(answer.headers["HX-Redirect"])
    assert page.one("input[name=next]")["value"] == "/"


def test_a_page_goes_to_sign_in_and_comes_back(alice: Visitor, watch: Watch) -> None:
    page = over(alice, watch).get("/admin/tracking/?school=1")
    assert (page.status, page.location) == (
        303,
        "/sign-in/?next=/admin/tracking/?school%3D1",
    )


def test_a_form_goes_to_sign_in_without_being_sent(
    alice: Visitor, watch: Watch
) -> None:
    form = {"current": PASSWORD, "new": OTHER, "again": OTHER}
    page = over(alice, watch).post(PAGE, form)
    assert (page.status, page.location) == (303, "/sign-in/")
    assert enter(Visitor(alice.app), OTHER) == 422
    assert enter(Visitor(alice.app)) == 303
