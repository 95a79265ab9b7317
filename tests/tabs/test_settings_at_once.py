"""Settings, two admins at a time: the second one is told, and overwrites nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Cast, make_user
from vmps.models import Connection, User

from .conftest import Watch, connect
from .visitor import Page, Visitor

SETTINGS = "/admin/powerschool/settings/"


@pytest.fixture
def alice(cast: Cast, browse: Callable[[User], Visitor]) -> Visitor:
    """Alice's browser; Oakwood is connected."""
    connect(cast.oakwood, saved_at=NOW - timedelta(hours=1))
    return browse(cast.alice)


@pytest.fixture
def ann(cast: Cast, browse: Callable[[User], Visitor]) -> Visitor:
    """The browser of Oakwood's other district admin."""
    return browse(make_user(cast.oakwood, "ann@oakwood.example"))


def form(page: Page, **typed: Any) -> dict[str, Any]:
    return {**page.form("#settings-form"), **typed}


def overtake(alice: Visitor, ann: Visitor, **typed: Any) -> Page:
    """Let both open the page, Ann save a new secret and id kind, then Alice save."""
    seen_by_alice, seen_by_ann = alice.get(SETTINGS), ann.get(SETTINGS)
    new = {"client_secret": "ann-s-secret", "visible_id": "student_number"}
    assert ann.post(SETTINGS, form(seen_by_ann, **new)).status == 303
    return alice.post(SETTINGS, form(seen_by_alice, **typed))


def stored() -> Connection:
    return Connection.get()


def test_the_second_is_told_who_saved_what_and_when(
    alice: Visitor, ann: Visitor, watch: Watch
) -> None:
    answer = overtake(alice, ann, client_secret="alice-s-secret")
    assert answer.status == 409
    (said,) = answer.words("#settings-newer")
    assert said.startswith("ann@oakwood.example saved these settings after you opened")
    assert "Nov 23, 2026, 8:14 AM CST" in said
    assert answer.words("#settings-newer li") == [
        "Client Secret: another one than you typed",
        "Visible Student ID: Student Number",
    ]


def test_nothing_of_the_second_is_saved(alice: Visitor, ann: Visitor) -> None:
    answer = overtake(alice, ann, client_id="alice-s-id")
    assert (stored().visible_id, stored().client_id) != ("sis_id", "alice-s-id")
    assert stored().reveal_client_secret() == "ann-s-secret"
    assert form(answer)["client_id"] == "alice-s-id"


def test_the_second_may_save_again_knowing_it(alice: Visitor, ann: Visitor) -> None:
    answer = overtake(alice, ann, client_secret="alice-s-secret")
    assert alice.post(SETTINGS, form(answer)).status == 303
    assert stored().reveal_client_secret() == "alice-s-secret"
    assert stored().visible_id == "sis_id"


def test_what_an_error_sends_back_is_still_the_older_version(
    alice: Visitor, ann: Visitor
) -> None:
    seen = alice.get(SETTINGS)
    assert (
        ann.post(SETTINGS, form(ann.get(SETTINGS), client_secret="new")).status == 303
    )
    wrong = alice.post(SETTINGS, form(seen, url=""))
    again = form(wrong, url="https://oakwood.example", client_id="alice-s-id")
    assert alice.post(SETTINGS, again).status == 409


def test_the_very_same_values_are_fine(alice: Visitor, ann: Visitor) -> None:
    answer = overtake(alice, ann, visible_id="student_number")
    assert answer.status == 303
    assert stored().reveal_client_secret() == "ann-s-secret"


def test_a_first_connection_is_not_overwritten(
    alice: Visitor, ann: Visitor, cast: Cast
) -> None:
    Connection.delete().execute()
    seen = alice.get(SETTINGS)
    connect(cast.oakwood, client_id="ann-s-id")
    typed = {"url": "https://oakwood.example", "client_id": "alice-s-id"}
    answer = alice.post(SETTINGS, form(seen, client_secret="secret", **typed))
    assert answer.status == 409
    assert stored().client_id == "ann-s-id"


def test_htmx_gets_the_panel_with_what_is_newer(alice: Visitor, ann: Visitor) -> None:
    seen = alice.get(SETTINGS)
    overtake(alice, ann, client_secret="alice-s-secret")
    answer = alice.post(SETTINGS, form(seen, client_id="alice-s-id"), htmx=True)
    assert answer.status == 409
    assert answer.all("html") == []
    assert answer.one("#settings-panel #settings-newer[data-focus]")
