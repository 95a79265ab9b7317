"""One's own password, changed with the present one."""

from __future__ import annotations

from tests.cast import PASSWORD, Cast

from .conftest import Browse
from .visitor import Page, Visitor

NEW = "marble kettle orbit 52"


def change(
    visitor: Visitor, current: str = PASSWORD, new: str = NEW, again: str = NEW
) -> Page:
    data = {"current": current, "new": new, "again": again}
    return visitor.post("/password/", data)


def test_the_new_password_works_and_the_old_one_no_more(
    browse: Browse, anonymous: Visitor, cast: Cast
) -> None:
    assert change(browse(cast.stella)).location == "/password/"
    sent = {"email": cast.stella.email, "password": PASSWORD}
    assert anonymous.post("/sign-in/", sent).status == 422
    assert anonymous.post("/sign-in/", sent | {"password": NEW}).status == 303


def test_other_browsers_are_signed_out_and_this_one_stays(
    browse: Browse, cast: Cast
) -> None:
    here, elsewhere = browse(cast.alice), browse(cast.alice)
    change(here)
    assert "signed out everywhere else" in here.get("/password/").text
    assert elsewhere.get("/password/").location.startswith("/sign-in/")


def test_a_wrong_current_password_changes_nothing(browse: Browse, cast: Cast) -> None:
    page = change(browse(cast.alice), current="not this one")
    assert page.status == 422
    assert page.words("[role=alert] li") == ["The current password is wrong."]


def test_two_different_new_ones_are_told_apart(browse: Browse, cast: Cast) -> None:
    page = change(browse(cast.alice), again="something else")
    assert "The two new passwords differ." in page.words("#again-error")[0]


def test_a_short_one_is_refused_with_the_reason(browse: Browse, cast: Cast) -> None:
    page = change(browse(cast.alice), new="short", again="short")
    assert "at least 12 characters" in page.words("[role=alert] li")[0]


def test_htmx_gets_the_form_alone(browse: Browse, cast: Cast) -> None:
    alice = browse(cast.alice)
    page = alice.post("/password/", {"current": "", "new": "", "again": ""}, htmx=True)
    assert page.status == 422
    assert page.one("form")["id"] == "password-form"
    assert page.all("h1") == []
