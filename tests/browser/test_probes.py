"""The probes can fail: each is shown a page with one defect."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.probes import find_defects
from tests.browser.visit import Visit

SOUND = """<!doctype html><html lang="en"><head><title>Sound</title><style>
  body {{ color: #111; background: #fff }}
  :focus-visible {{ outline: 3px solid #0b5394; outline-offset: 2px }}
  input {{ border: 1px solid #666; min-height: 30px }}
  button {{ min-height: 30px; min-width: 30px; border: 1px solid #666 }}
  {style}
</style></head><body><main><h1>Sound</h1>
  <label>Name <input id="name"></label> <button id="save">Save</button>
  <p>Words around <a href="/x">a link</a> in text.</p>{more}</main></body></html>"""


def look_at(blank: Page, style: str = "", more: str = "") -> list[str]:
    blank.set_content(SOUND.format(style=style, more=more))
    return find_defects(blank)


def test_a_sound_page_has_no_defects(blank: Page) -> None:
    assert look_at(blank) == []


@pytest.mark.parametrize(
    ("style", "defect"),
    [
        ("input { border-color: #ccc }", "edge 1.61:1 of input#name"),
        ("input { border: 0 }", "edge 1.00:1 of input#name"),
        (":focus-visible { outline-width: 1px }", "focus 1px"),
        ("button:focus-visible { outline: none }", "focus 0px"),
        (":focus-visible { outline-color: #ddd }", "focus 3px 1.36:1"),
        ("button { min-height: 0; height: 20px; font-size: 9px }", "target"),
        ("main { width: 3000px }", "page scrolls sideways"),
        ("p { color: #aaa }", "color-contrast: p"),
    ],
)
def test_a_look_that_keeps_people_out_is_found(
    blank: Page, style: str, defect: str
) -> None:
    found = look_at(blank, style)
    assert found
    assert any(line.startswith(defect) for line in found), found


@pytest.mark.parametrize(
    ("more", "defect"),
    [
        ("<h1>Again</h1>", "2 h1"),
        ("<input>", "label: main > input"),
        ('<p><a href="/y" style="display:block;font-size:9px">x</a></p>', "target"),
        ('<p><a href="/y" style="font-size:9px">alone</a></p>', "target"),
        ('<img src="data:,">', "image-alt: img"),
        (
            '<label>Mode <select style="width:90px;height:30px;border-color:#333">'
            "<option>Daily<option>the current class and all</select></label>",
            "choice cut off",
        ),
    ],
)
def test_a_part_that_keeps_people_out_is_found(
    blank: Page, more: str, defect: str
) -> None:
    found = look_at(blank, more=more)
    assert any(line.startswith(defect) for line in found), found


def test_a_page_without_a_title_is_found(blank: Page) -> None:
    blank.set_content("<html lang='en'><body><main><h1>None</h1></main></body></html>")
    assert "no title" in find_defects(blank)


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ("<p style='color: red'>Inline</p>", "CSP style-src-attr inline"),
        ("<script>document.title = 'x'</script>", "CSP script-src-elem inline"),
        ("<script src='/gone.js'></script>", "status of 404"),
        ("<script src='/broken.js'></script>", "nowhere is not defined"),
    ],
)
def test_what_the_browser_complains_of_is_kept(
    chromium: Browser, part: str, complaint: str
) -> None:
    visit = Visit(chromium, "http://made.example")
    serve(visit.page, f"<!doctype html><title>x</title><h1>x</h1>{part}")
    visit.expect_statuses(422)
    visit.go("/")
    visit.close()
    assert any(complaint in line for line in visit.complaints), visit.complaints


def serve(page: Page, html: str) -> None:
    """Answer a made-up site: this page, a broken script, and 404s."""
    policy = {"Content-Security-Policy": "default-src 'self'"}

    def answer(path: str, status: int, kind: str, body: str) -> None:
        page.route(
            f"http://made.example/{path}",
            lambda route: route.fulfill(
                status=status, headers=policy, content_type=kind, body=body
            ),
        )

    answer("*", 404, "text/plain", "")
    answer("broken.js", 200, "text/javascript", "nowhere()")
    answer("", 200, "text/html", html)
