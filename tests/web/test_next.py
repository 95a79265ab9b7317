"""Where signing in leads: to the page that was asked for, never to another site."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.cast import PASSWORD, Cast
from tests.tabs.conftest import Browse
from tests.tabs.visitor import Visitor

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x01//evil.example",
    "/\x00/evil.example",
    "/\x7f/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "http://localhost@evil.example",
    "//localhost@evil.example",
    "//user:password@evil.example/",
    "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,evil",
    "vbscript:x",
    "evil.example",
    "./evil",
    "..//evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "%2f%2fevil.example",
    "/admin\\..\\\\evil.example",
    "/" + "x" * 3000,
    "／／evil.example",
    "/\u2028/evil.example",
    "//[",
    "//evil.example:port",
    "",
]
OURS = [
    "/admin/tracking/?school=1&x=2",
    "/password/",
    "/admin/powerschool/logs/?student=M%C3%BCller",
    "/%2f%2fevil.example",  # a path of ours that is not there: a browser stays here
    "/admin/tracking/?back=https://evil.example",
]


def enter(visitor: Visitor, wanted: str) -> str:
    """Sign in with this next page; return where the answer leads."""
    form = {"email": "alice@oakwood.example", "password": PASSWORD, "next": wanted}
    page = visitor.post("/sign-in/", form)
    assert page.status == 303
    return page.location


def is_ours(location: str) -> bool:
    """Tell whether every browser stays here: one slash, and nothing that they drop."""
    second = location[1:2]
    return (
        location.startswith("/")
        and second not in {"/", "\\"}
        and "\\" not in location
        and location.isascii()
        and location.isprintable()
    )


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_never_leaves_the_site(
    anonymous: Visitor, cast: Cast, wanted: str
) -> None:
    assert enter(anonymous, wanted) == "/"


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_a_link_for_who_is_signed_in_never_leaves_the_site(
    browse: Browse, cast: Cast, wanted: str
) -> None:
    page = browse(cast.alice).get(f"/sign-in/?next={quote(wanted)}")
    assert (page.status, page.location) == (303, "/")


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_the_form_carries_no_foreign_page(
    anonymous: Visitor, cast: Cast, wanted: str
) -> None:
    page = anonymous.get(f"/sign-in/?next={quote(wanted)}")
    assert page.one("input[name=next]")["value"] == "/"


@pytest.mark.parametrize("wanted", OURS)
def test_a_page_of_ours_is_reached(anonymous: Visitor, cast: Cast, wanted: str) -> None:
    location = enter(anonymous, wanted)
    assert location == wanted
    assert is_ours(location)


def test_a_slash_of_another_script_is_a_letter(anonymous: Visitor, cast: Cast) -> None:
    assert enter(anonymous, "/／evil.example") == "/%EF%BC%8Fevil.example"


def test_letters_of_any_kind_are_encoded(anonymous: Visitor, cast: Cast) -> None:
    location = enter(anonymous, "/admin/powerschool/logs/?student=Müller 李")
    assert is_ours(location)
    assert location.endswith("?student=M%C3%BCller%20%E6%9D%8E")


@pytest.mark.parametrize(
    "path", ["//evil.example", "//", "/\\evil.example", "/\t/evil.example"]
)
def test_an_odd_path_of_our_own_does_not_become_a_way_out(
    anonymous: Visitor, cast: Cast, path: str
) -> None:
    """The address that was asked for is the next page; it may look like a host."""
    asked = {"PATH_INFO": path, "REQUEST_URI": path, "RAW_URI": path}
    location = anonymous.client.get("/", environ_overrides=asked).location
    assert location is None or is_ours(location)
