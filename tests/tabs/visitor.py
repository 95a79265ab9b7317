"""A browser without JavaScript, or htmx; pages are parsed and get standing checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from vmps.models import User
from vmps.services.sessions import begin_session

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass(frozen=True)
class Page:
    """One answer, parsed."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.response.text, "html.parser")

    @property
    def text(self) -> str:
        """Return the words people read, with single spaces."""
        return " ".join(self.soup.get_text(" ").split())

    def one(self, selector: str) -> Tag:
        """Return the only element that fits."""
        (found,) = self.soup.select(selector)
        return found

    def all(self, selector: str) -> list[Tag]:
        return list(self.soup.select(selector))

    def words(self, selector: str) -> list[str]:
        """Return the text of every element that fits."""
        return [" ".join(tag.get_text(" ").split()) for tag in self.all(selector)]

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @property
    def headers(self) -> Mapping[str, str]:
        return self.response.headers

    def form(self, selector: str = "main form") -> dict[str, Any]:
        """Return what a browser would send with this form, untouched."""
        return dict(_fields(self.one(selector)))


def _fields(form: Tag) -> list[tuple[str, Any]]:
    sent = []
    for control in form.select("input[name], select[name], textarea[name]"):
        if control.has_attr("disabled"):
            continue
        kind = control.get("type", "text")
        if kind in {"checkbox", "radio"} and not control.has_attr("checked"):
            continue
        if kind in {"submit", "button"}:
            continue
        sent.append((control["name"], _value(control)))
    return sent


def _value(control: Tag) -> str:
    if control.name == "textarea":
        return control.get_text()
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return str(chosen.get("value", chosen.get_text())) if chosen else ""
    default = "on" if control.get("type") in {"checkbox", "radio"} else ""
    return str(control.get("value", default))


@dataclass
class Visitor:
    """One browser with its cookies."""

    app: Flask
    client: Any = field(init=False)
    _token: str = ""
    _page_with_a_form: str = "/sign-in/"

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in_as(self, user: User) -> None:
        """Hold a session of this user, as signing in would give."""
        now = self.app.extensions["vmps.clock"]()
        token = begin_session(user, now=now)
        with self.client.session_transaction() as session:
            session["_user_id"] = token
        self._page_with_a_form = "/password/"  # which everybody may see

    def get(self, path: str, *, htmx: bool = False, **more: Any) -> Page:
        """Load a page, or with htmx its partial; whole pages are checked."""
        headers = {**(HTMX if htmx else {}), **more.pop("headers", {})}
        page = Page(self.client.get(path, headers=headers, buffered=True, **more))
        if not htmx and page.response.mimetype == "text/html" and page.status != 303:
            check_page(page)
        return page

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, htmx: bool = False
    ) -> Page:
        """Send a form with its token; answers that are pages are checked."""
        sent = {"csrf_token": self.token(), **(data or {})}
        headers = HTMX if htmx else {}
        page = Page(self.client.post(path, data=sent, headers=headers))
        if not htmx and page.response.mimetype == "text/html" and page.status != 303:
            check_page(page)
        return page

    def token(self) -> str:
        """Return a form's token that fits this browser's session."""
        if not self._token:
            found = self.client.get(self._page_with_a_form, follow_redirects=True)
            page = Page(found)
            tokens = page.all("input[name=csrf_token]")
            self._token = str(tokens[0]["value"])
        return self._token


def check_page(page: Page) -> None:
    """What is true of every whole page."""
    soup = page.soup
    assert soup.title
    assert soup.title.get_text().strip()
    assert len(soup.select("h1")) == 1, "one h1"
    assert (soup.html or {}).get("lang") == "en"
    ids = Counter(tag["id"] for tag in soup.select("[id]"))
    assert [name for name, count in ids.items() if count > 1] == [], "ids once"
    for form in soup.select("form"):
        assert form.has_attr("action"), "a form says where it goes"
        if form.get("method", "get").lower() == "post":
            assert form.select("input[name=csrf_token]"), "a form has its token"
    _check_no_inline(soup)
    _check_labels(soup)
    for link in soup.select("[hx-get]"):
        assert link.name != "a" or link.has_attr("href"), "works without JavaScript"


def _check_no_inline(soup: BeautifulSoup) -> None:
    assert soup.select("[style], style, script:not([src])") == [], "nothing inline"
    names = {name for tag in soup.find_all(True) for name in tag.attrs}
    assert [n for n in names if n.startswith(("on", "hx-on"))] == [], "no handlers"


def _check_labels(soup: BeautifulSoup) -> None:
    labelled = {label["for"] for label in soup.select("label[for]")}
    for control in soup.select("input[name], select[name], textarea[name]"):
        if control.get("type") == "hidden":
            continue
        is_named = control.has_attr("aria-label") or control.has_attr("aria-labelledby")
        is_labelled = control.get("id") in labelled
        assert is_named or is_labelled or control.find_parent("label"), control
