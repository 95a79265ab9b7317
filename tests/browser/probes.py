"""What keeps people out of a page: axe-core's rules, and ours where it has none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent

_RUN = """
axe.run(document, {
  runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
                                  "wcag22aa", "best-practice"]},
  resultTypes: ["violations"],
}).then(found => found.violations.flatMap(rule => rule.nodes.map(
  node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))
"""


def find_defects(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands; empty is good."""
    return [*_axe(page), *page.evaluate(_source("probes.js"))]


def _axe(page: Page) -> list[str]:
    # Through the debugger, so the page's own policy is neither asked nor loosened.
    page.evaluate(_source("../vendor/axe.min.js"))
    return list(page.evaluate(_RUN))


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text()
