"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from tests.readme import between, commands_table, settings_table, walk
from tests.source import ROOT
from vmps.config import SETTINGS
from vmps.services.parse_events import TYPES

README = (ROOT / "README.md").read_text()
KIOSK = (ROOT / "docs" / "kiosk-webhook.md").read_text()
RENEW = "run `.venv/bin/python -m tests.readme`"


def test_the_readme_lists_every_setting() -> None:
    assert between(README, "settings") == settings_table(), RENEW
    assert all(f"`{setting.name}`" in README for setting in SETTINGS)


def test_the_readme_lists_every_command(app: Flask) -> None:
    assert between(README, "commands") == commands_table(), RENEW
    assert all(f"`{words}`" in README for words, _ in walk(app.cli))


def test_every_command_says_what_it_does(app: Flask) -> None:
    assert all(command.help for _, command in walk(app.cli))


def test_the_readme_names_the_makefile_s_commands() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)
    assert {"demo", "rush", "test"} <= set(targets)
    assert set(re.findall(r"`make ([a-z]+)", README)) <= set(targets)


def test_the_readme_s_map_names_what_is_there() -> None:
    named = re.findall(r"^(\S+) {2,}\S", between(README, "map"), re.MULTILINE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_links_lead_to_files() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        links = re.findall(r"\]\(([^)#:]+)\)", document.read_text())
        broken = [link for link in links if not (document.parent / link).exists()]
        assert broken == [], document.name


def test_the_kiosk_contract_names_every_type_and_answer() -> None:
    words = [*TYPES, "student.events", "accepted", "duplicate", "already_recorded"]
    words += ["conflict", "rejected"]
    assert [word for word in words if f"`{word}`" not in KIOSK] == []


def test_the_changelog_is_one_line_a_change_under_days() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    body = [line for line in lines[3:] if line]
    assert lines[:3] == ["# Changelog", "", "Newest first, one line a change."]
    assert body
    assert all(re.match(r"## \d{4}-\d{2}-\d{2}$|- [A-Z].*\.$", line) for line in body)
    days = [line for line in body if line.startswith("##")]
    assert days == sorted(days, reverse=True)


def test_documents_are_plain_about_where_things_are() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        assert not re.search(r"/(home|root|Users)/", document.read_text()), document


def test_the_license_is_there() -> None:
    assert Path(ROOT / "LICENSE").read_text().startswith("MIT License")
