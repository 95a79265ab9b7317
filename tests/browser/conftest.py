"""A browser for the whole folder; one running product and its people per module."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import MISSING, find_chromium, open_chromium
from tests.browser.morning import have_a_morning
from tests.browser.product import Product, make_product
from tests.browser.visit import Visit
from tests.servers import Valkey
from vmps.models import User
from vmps.simulator.control import Simulator


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium, not pytest-playwright's, whose event loop would outlive this folder."""
    if find_chromium() is None:
        pytest.skip(MISSING)
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def blank(chromium: Browser) -> Iterator[Page]:
    """An empty page that belongs to nobody."""
    page = chromium.new_page()
    yield page
    page.context.close()


@pytest.fixture(scope="package")
def morning_product(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    valkey: Valkey,
    chromium: Browser,
) -> Iterator[Product]:
    """A product after a morning; tests only look at it."""
    folder = tmp_path_factory.mktemp("morning")
    shutil.copy(sqlite_template, folder / "vmps.sqlite3")
    url = f"sqlite:///{folder}/vmps.sqlite3"
    simulator = Simulator.start(folder / "powerschool")
    product = make_product(folder, url, valkey.url, simulator)
    product.installation.start_all()
    have_a_morning(product)
    yield product
    product.installation.kill_all()
    simulator.stop()


@pytest.fixture
def oakwood(morning_product: Product) -> Product:
    """That product, with this process on its database."""
    morning_product.bind()
    return morning_product


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open browsers of people; afterwards none of them may have complained."""
    made: list[Visit] = []

    def open_visit(product: Product, user: User | None = None, **more: Any) -> Visit:
        made.append(product.visit(chromium, user, **more))
        return made[-1]

    yield open_visit
    for visit in made:
        visit.close()
        visit.assert_quiet()
