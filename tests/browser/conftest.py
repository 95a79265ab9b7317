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
def start_product(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    valkey: Valkey,
    chromium: Browser,
) -> Iterator[Callable[..., Product]]:
    """Start whole products, each on a database of its own; all end with the folder."""
    started: list[Product] = []

    def start(database_url: str = "", **settings: str) -> Product:
        folder = tmp_path_factory.mktemp("product")
        if not database_url:
            shutil.copy(sqlite_template, folder / "vmps.sqlite3")
            database_url = f"sqlite:///{folder}/vmps.sqlite3"
        simulator = Simulator.start(folder / "powerschool")
        made = make_product(folder, database_url, valkey.url, simulator, **settings)
        started.append(made)
        made.installation.start_all()
        return made

    yield start
    for product in started:
        product.installation.kill_all()
        product.simulator.stop()


@pytest.fixture(scope="package")
def morning_product(start_product: Callable[..., Product]) -> Product:
    """A product after a morning, which tests only look at."""
    product = start_product()
    have_a_morning(product)
    return product


@pytest.fixture(scope="package")
def used_product(start_product: Callable[..., Product]) -> Product:
    """Another one, on which tests press buttons."""
    product = start_product()
    have_a_morning(product)
    return product


@pytest.fixture
def oakwood(morning_product: Product) -> Product:
    """That product, with this process on its database."""
    morning_product.bind()
    return morning_product


@pytest.fixture
def used(used_product: Product) -> Product:
    """The product for tests that change things, with this process on its database."""
    used_product.bind()
    return used_product


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
