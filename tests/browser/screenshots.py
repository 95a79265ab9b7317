"""The documents' screenshots: `python -m tests.browser.screenshots` renews them."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import tabs
from tests.browser import test_dry_runs as dry_runs
from tests.browser.chromium import open_chromium
from tests.browser.morning import have_a_morning
from tests.browser.pictures import shrink
from tests.browser.product import Product, make_product
from tests.browser.visit import NARROW, WIDE, Look
from tests.servers import Valkey
from tests.source import ROOT
from vmps import db, migrations
from vmps.models import Connection, District
from vmps.simulator.control import Simulator

FOLDER = ROOT / "docs" / "screenshots"
DARK = Look("dark", WIDE.width)


@dataclass(frozen=True)
class Shot:
    """One picture: whose browser, which page, and what is done on it first."""

    name: str
    who: str
    path: str
    look: Look = WIDE
    act: Callable[[Page], None] = lambda page: None
    prepare: Callable[[Product], None] = lambda product: None


def press_test(page: Page) -> None:
    """Test the connection and wait for the last step."""
    tabs.press_test(page)
    page.locator("#settings-test li").first.wait_for()


def open_access(page: Page) -> None:
    """Show what the plugin asks for."""
    page.get_by_text("What the plugin asks for", exact=True).click()


def mistype_the_url(page: Page) -> None:
    """Save a URL with a path, and wait for what the page offers."""
    page.get_by_label("PowerSchool URL").fill("https://oakwood.example/admin")
    tabs.save_connection(page)
    page.get_by_role("button", name="Use https://oakwood.example").wait_for()


def disconnect(product: Product) -> None:
    """Take the connection away, as on the first day."""
    Connection.delete().execute()


def prevent_overrides(product: Product) -> None:
    """Turn Prevent School Overrides on."""
    District.update(prevents_overrides=True).execute()


#: In this order: the last ones change what is there.
SHOTS = (
    Shot("sign-in", "", "/sign-in/"),
    Shot("settings", "alice", tabs.SETTINGS),
    Shot("settings-plugin", "charlie", tabs.SETTINGS),
    Shot("settings-test", "alice", tabs.SETTINGS, act=press_test),
    Shot("settings-wrong-url", "alice", tabs.SETTINGS, act=mistype_the_url),
    Shot("schools", "alice", tabs.SCHOOLS),
    Shot("overrides", "alice", f"{tabs.SCHOOLS}overrides"),
    Shot("logs", "alice", tabs.LOGS),
    Shot("log-failed", "alice", tabs.LOGS + "{failed}"),
    Shot("logs-dark", "alice", tabs.LOGS, DARK),
    Shot("logs-phone", "bob", tabs.LOGS, NARROW),
    Shot("codes", "bob", tabs.CODES, act=tabs.import_codes),
    Shot("preview", "bob", dry_runs.PREVIEW, act=dry_runs.try_out),
    Shot("reconciliation", "bob", dry_runs.RECONCILIATION, act=dry_runs.compare),
    Shot("tracking", "bob", tabs.TRACKING),
    Shot("schools-read-only", "bob", tabs.SCHOOLS, prepare=prevent_overrides),
    Shot("not-connected", "bob", tabs.LOGS, prepare=disconnect),
)


def take(browser: Browser, product: Product, shot: Shot, folder: Path) -> None:
    """Write one picture."""
    shot.prepare(product)
    user = getattr(product.cast, shot.who) if shot.who else None
    visit = product.visit(browser, user, look=shot.look)
    visit.go(shot.path.format_map(product.places()))
    shot.act(visit.page)
    visit.wait_until_idle()
    _grow(visit.page, shot.look.width)
    (folder / f"{shot.name}.png").write_bytes(shrink(visit.page.screenshot()))
    visit.close()


def _grow(page: Page, width: int) -> None:
    """Make the screen as high as the page, so that what sticks to its edge does too."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height})


@contextmanager
def run_product() -> Iterator[Product]:
    """Run the whole product in a folder that goes away, after a morning."""
    with tempfile.TemporaryDirectory() as name:
        folder, valkey = Path(name), Valkey.start()
        url = f"sqlite:///{folder}/vmps.sqlite3"
        db.configure(url)
        migrations.upgrade()
        simulator = Simulator.start(folder / "powerschool")
        product = make_product(folder, url, valkey.url, simulator)
        try:
            product.installation.start_all()
            have_a_morning(product)
            yield product
        finally:
            product.installation.kill_all()
            simulator.stop()
            valkey.kill()


def main(folder: Path = FOLDER) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_chromium() as browser, run_product() as product:
        for shot in SHOTS:
            take(browser, product, shot, folder)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
