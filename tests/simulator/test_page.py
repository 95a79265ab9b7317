"""The page that shows what was written."""

from html.parser import HTMLParser

import requests

from vmps.simulator.control import Simulator

from .caller import DAY, Caller


class Page(HTMLParser):
    """Collects what the tests look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


def open_page(simulator: Simulator) -> Page:
    answer = requests.get(simulator.url, timeout=5)
    assert answer.headers["Content-Type"].startswith("text/html")
    return Page(answer.text)


def test_page_shows_a_written_row(caller: Caller, simulator: Simulator) -> None:
    caller.write(caller.record(0, att_comment="<b>Bus late</b>"))
    page = open_page(simulator)
    student = caller.students()[0]
    name = f"{student['first_name']} {student['last_name']}"
    for text in (name, "Oakwood High School", DAY, "Daily", "T", "<b>Bus late</b>"):
        assert text in page.texts
    assert page.tags.count("h1") == 1
    assert "script" not in page.tags


def test_page_shows_the_newest_first_and_two_hundred_at_most(
    caller: Caller, simulator: Simulator
) -> None:
    days = ("2026-11-23", "2026-11-24")
    for day in days:
        caller.write_batch(*(caller.record(n, att_date=day) for n in range(120)))
    caller.write(caller.record(7, att_comment="newest"))
    page = open_page(simulator)
    assert page.tags.count("tr") == 201
    assert page.texts[page.texts.index("Written") + 7] == "newest"


def test_empty_page_says_so(simulator: Simulator) -> None:
    page = open_page(simulator)
    assert any("No attendance has been written yet" in text for text in page.texts)
    assert "table" not in page.tags


def test_stylesheet_is_linked(simulator: Simulator) -> None:
    answer = requests.get(f"{simulator.url}/page.css", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "color-scheme: light dark" in answer.text
