"""Where htmx comes from: the CDN's file only if it is the right one, else ours."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.product import Product
from tests.browser.visit import Visit
from tests.source import ROOT
from vmps.web.assets import HTMX, HTMX_CDN, HTMX_INTEGRITY

Open = Callable[..., Visit]
LOCAL = ROOT / "static" / HTMX


@pytest.fixture(scope="module")
def with_cdn(start_product: Callable[..., Product]) -> Product:
    """A product that names the CDN."""
    return start_product(CDN="yes")


def version(page: Page) -> str:
    """Return the version of the htmx that runs in the page."""
    page.wait_for_load_state("load")
    page.evaluate("""() => new Promise(resolve => {
        const look = () => window.htmx ? resolve() : setTimeout(look, 20);
        look(); })""")
    return str(page.evaluate("htmx.version"))


def sources(page: Page) -> list[str]:
    """Return where scripts named htmx came from, in the order they were tried."""
    found = page.locator("script[src*=htmx]").all()
    return [str(script.get_attribute("src")) for script in found]


def test_without_a_cdn_only_the_local_copy_is_asked_for(
    oakwood: Product, visit: Open
) -> None:
    page = visit(oakwood).page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/sign-in/")
    assert version(page) == "4.0.1"
    assert [url for url in asked if not url.startswith(oakwood.url)] == []


def test_the_cdn_s_right_file_is_taken(with_cdn: Product, visit: Open) -> None:
    page = visit(with_cdn).page
    answer(page, LOCAL.read_bytes())
    page.goto("/sign-in/")
    assert version(page) == "4.0.1"
    assert sources(page) == [HTMX_CDN]


def test_without_the_cdn_the_local_copy_is_taken(
    with_cdn: Product, visit: Open
) -> None:
    seen = visit(with_cdn)
    seen.page.route(HTMX_CDN, lambda route: route.abort())
    seen.go("/sign-in/")
    assert version(seen.page) == "4.0.1"
    assert len(sources(seen.page)) == 2
    forgive(seen, "ERR_FAILED")


def test_a_wrong_file_from_the_cdn_is_refused(with_cdn: Product, visit: Open) -> None:
    seen = visit(with_cdn)
    answer(seen.page, b"window.stolen = true")
    seen.go("/sign-in/")
    assert version(seen.page) == "4.0.1"
    assert seen.page.evaluate("window.stolen") is None
    forgive(seen, "valid digest")


def test_the_policy_lets_only_that_one_file_in(with_cdn: Product, visit: Open) -> None:
    seen = visit(with_cdn)
    answer(seen.page, LOCAL.read_bytes())
    seen.go("/sign-in/")
    other = HTMX_CDN.replace("htmx.org@4.0.1", "other")
    seen.page.evaluate(f"""() => {{
        const script = document.createElement("script");
        script.src = "{other}"; document.head.append(script); }}""")
    seen.page.wait_for_timeout(200)
    assert any("CSP script-src-elem" in line for line in seen.complaints)
    seen.complaints.clear()


def test_our_copy_is_the_file_that_the_hash_names() -> None:
    digest = hashlib.sha384(LOCAL.read_bytes()).digest()
    ours = "sha384-" + base64.b64encode(digest).decode()
    assert ours == HTMX_INTEGRITY


def answer(page: Page, body: bytes) -> None:
    """Let the CDN answer with this."""

    def fulfill(route: Route) -> None:
        route.fulfill(
            body=body,
            content_type="text/javascript",
            headers={"Access-Control-Allow-Origin": "*"},
        )

    page.route(HTMX_CDN, fulfill)


def forgive(seen: Visit, complaint: str) -> None:
    """Take the complaint that the test caused away; it must be there."""
    caused = [line for line in seen.complaints if complaint in line]
    assert caused
    for line in caused:
        seen.complaints.remove(line)
