"""`docs/seed.md`: each sentence of the page we were asked for, and what shows it."""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.source import ROOT, sources

DOCUMENT = ROOT / "docs" / "seed.md"
SENTENCES = ROOT / "tests" / "seed.txt"
PICTURES = ROOT / "docs" / "screenshots"
LARGEST_PICTURE = 200_000
WIDTHS = {1280, 360}

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_PICTURE = re.compile(r"\]\(screenshots/([\w-]+\.png)\)")
#: What stands where no test can: a heading without a claim, or what is not built.
_NO_TEST = re.compile(r"heading|later: .+|not ours: .+")


class Row(NamedTuple):
    """One line of the table."""

    sentence: str
    shown_by: str
    pictures: str


@cache
def rows() -> list[Row]:
    """Return the table's lines, without its heads."""
    found = []
    for line in DOCUMENT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in {"sentence", "---"}:
            found.append(Row(*cells))
    return found


def test_every_sentence_has_its_line_in_the_page_s_order() -> None:
    sentences = SENTENCES.read_text().splitlines()
    assert [row.sentence for row in rows()] == sentences
    assert len(sentences) > 80


def test_every_sentence_names_a_test_or_says_in_plain_words_why_not() -> None:
    unclear = [
        row.sentence
        for row in rows()
        if not _TEST.search(row.shown_by) and not _NO_TEST.fullmatch(row.shown_by)
    ]
    assert unclear == []


def test_the_named_tests_exist() -> None:
    named = {found for row in rows() for found in _TEST.findall(row.shown_by)}
    existing = {
        (source.name, function.name)
        for source in sources("tests")
        for function in source.functions()
    }
    assert named
    assert named - existing == set()


def test_the_named_pictures_exist_and_none_lies_about() -> None:
    named = {name for row in rows() for name in _PICTURE.findall(row.pictures)}
    shown = named | set(_PICTURE.findall(DOCUMENT.read_text()))
    assert named
    assert shown == {path.name for path in PICTURES.glob("*.png")}


def test_pictures_are_small_and_as_wide_as_a_screen() -> None:
    for path in PICTURES.glob("*.png"):
        assert path.stat().st_size < LARGEST_PICTURE, path.name
        assert width(path) in WIDTHS, path.name


def width(path: Path) -> int:
    """Return a PNG's width."""
    (found,) = struct.unpack(">I", path.read_bytes()[16:20])
    return int(found)
