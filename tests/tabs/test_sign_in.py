"""Sign-in: who gets in, what others are told, and where it leads."""

from __future__ import annotations

from tests.cast import PASSWORD, Cast
from vmps.models import User

from .conftest import Browse
from .visitor import Page, Visitor

ALICE = "alice@oakwood.example"


def enter(visitor: Visitor, email: str = ALICE, password: str = PASSWORD) -> Page:
    return visitor.post("/sign-in/", {"email": email, "password": password})


def test_a_user_signs_in_and_reaches_the_pages(anonymous: Visitor, cast: Cast) -> None:
    page = enter(anonymous, " Alice@Oakwood.example ")
    assert (page.status, page.location) == (303, "/")
    assert ALICE in anonymous.get("/password/").text


def test_a_wrong_password_keeps_the_address_and_never_the_password(
    anonymous: Visitor, cast: Cast
) -> None:
    page = enter(anonymous, password="not this one")
    assert page.status == 422
    assert page.words("[role=alert] li") == ["E-mail address or password is wrong."]
    assert page.one("#email")["value"] == ALICE
    assert not page.one("#password").get("value")


def test_everybody_refused_reads_the_same(anonymous: Visitor, cast: Cast) -> None:
    User.update(disabled_at=cast.oakwood.created_at).where(
        User.id == cast.bob.id
    ).execute()
    pages = [
        enter(anonymous, password="wrong"),
        enter(anonymous, "nobody@oakwood.example"),
        enter(anonymous, "bob@oakwood.example"),
    ]
    assert {page.status for page in pages} == {422}
    assert len({tuple(page.words("[role=alert] li")) for page in pages}) == 1


def test_missing_fields_are_named_beside_them(anonymous: Visitor, cast: Cast) -> None:
    page = enter(anonymous, "", "")
    assert page.one("#email")["aria-describedby"] == "email-error"
    assert "Enter your e-mail address." in page.words("#email-error")[0]
    assert page.soup.title
    assert page.soup.title.get_text().startswith("Error: ")


def test_after_many_wrong_tries_it_says_how_long_to_wait(
    anonymous: Visitor, cast: Cast
) -> None:
    for _ in range(6):
        enter(anonymous, password="wrong")
    assert "Too many tries: wait" in enter(anonymous).words("[role=alert] li")[0]


def test_whoever_is_signed_in_goes_on(browse: Browse, cast: Cast) -> None:
    page = browse(cast.alice).get("/sign-in/?next=/password/")
    assert (page.status, page.location) == (303, "/password/")


def test_the_page_asked_for_comes_after_signing_in(
    anonymous: Visitor, cast: Cast
) -> None:
    asked = anonymous.get("/admin/tracking/?school=1")
    page = anonymous.get(asked.location)
    sent = page.form() | {"email": ALICE, "password": PASSWORD}
    assert anonymous.post("/sign-in/", sent).location == "/admin/tracking/?school=1"


def test_signing_out_ends_the_session_on_the_server(browse: Browse, cast: Cast) -> None:
    alice = browse(cast.alice)
    with alice.client.session_transaction() as session:
        token = session["_user_id"]
    assert alice.post("/sign-in/leave").location == "/sign-in/"
    with alice.client.session_transaction() as session:
        session["_user_id"] = token
    assert alice.get("/password/").location.startswith("/sign-in/")
