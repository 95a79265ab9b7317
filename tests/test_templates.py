"""The templates' shape: sizes, one word a tab, and what a partial says of itself."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from tests.source import ROOT
from vmps.tabs import TABS

TEMPLATES = ROOT / "templates"
LONGEST_PAGE, LONGEST_PARTIAL = 120, 60

#: Spellings of htmx 2 that htmx 4 ignores, and what a strict policy forbids.
FORBIDDEN = (
    r"\bhx-on\b",
    r"\bhx-(vars|params|ext|disinherit|inherit|request|history|disabled-elt)=",
    r"hx-trigger=\"[^\"]*\[",
    r"\bjs:",
    r"\sstyle=",
    r"\son[a-z]+=\"",
    r"<style",
    r"<script(?![^>]*\ssrc=)",
    r"\|\s*safe\b",
)


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def test_templates_are_short() -> None:
    too_long = [
        named(path)
        for path in templates()
        if len(path.read_text().splitlines())
        > (LONGEST_PARTIAL if path.name.startswith("_") else LONGEST_PAGE)
    ]
    assert too_long == []


def test_a_template_says_first_what_it_takes() -> None:
    silent = [named(p) for p in templates() if not p.read_text().startswith("{#")]
    assert silent == []


def test_nothing_inline_and_no_old_htmx() -> None:
    found = [
        f"{named(path)}: {match.group()}"
        for path in templates()
        for pattern in FORBIDDEN
        for match in re.finditer(pattern, path.read_text())
    ]
    assert found == []


def test_one_word_names_a_tab_everywhere(app: Flask) -> None:
    for blueprint in TABS:
        name = blueprint.name
        assert blueprint.import_name == f"vmps.tabs.{name}"
        if name == "home":  # the start page is the root itself
            continue
        assert blueprint.url_prefix, name
        assert blueprint.url_prefix.endswith(f"/{name.replace('_', '-')}")
        assert (TEMPLATES / name).is_dir(), name
        assert (ROOT / "tests" / "tabs" / f"test_{name}.py").exists(), name
