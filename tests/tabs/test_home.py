"""The start page leads everybody to what is theirs."""

from __future__ import annotations

from tests.cast import Cast

from .conftest import Browse
from .visitor import Visitor


def test_admins_go_on_to_the_log(browse: Browse, cast: Cast) -> None:
    assert browse(cast.alice).get("/").location == "/admin/powerschool/logs/"
    assert browse(cast.bob).get("/").location == "/admin/powerschool/logs/"


def test_staff_read_which_schools_are_theirs(browse: Browse, cast: Cast) -> None:
    page = browse(cast.stella).get("/")
    assert "School 1817" in page.text
    assert "School 1818" not in page.text
    assert page.words(".side-navigation li a") == ["Change Password"]


def test_the_navigation_shows_what_the_role_may_use(browse: Browse, cast: Cast) -> None:
    links = browse(cast.bob).get("/password/").words(".side-navigation li a")
    assert links == ["PowerSchool Setup", "Student Tracking", "Change Password"]


def test_anybody_else_is_sent_to_sign_in(anonymous: Visitor, cast: Cast) -> None:
    assert anonymous.get("/").location == "/sign-in/"
