"""Debian's Chromium: where it is and how it starts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

MISSING = (
    "Chromium is missing: apt-get install chromium fonts-dejavu-core, or let CHROMIUM"
    " name the program"
)
FLAGS = [
    "--no-sandbox",  # CI and containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return Chromium's program, or None."""
    return shutil.which(os.environ.get("CHROMIUM") or "/usr/bin/chromium")


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start a Chromium without a window; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), headless=True, args=FLAGS
        )
        yield browser
        browser.close()
