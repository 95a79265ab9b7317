"""The README's tables, made from the code; `python -m tests.readme` renews them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from vmps.cli.register import GROUPS
from vmps.config import SETTINGS, Setting

README = Path(__file__).parents[1] / "README.md"


def settings_table() -> str:
    """Return a row for every setting."""
    rows = [f"| `{s.name}` | {_default(s)} | {s.help} |" for s in SETTINGS]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])


def _default(setting: Setting) -> str:
    if setting.is_secret:
        return "none in production"
    shown = {
        tuple: ",".join,
        float: "{:g}".format,
        bool: {True: "yes", False: "no"}.__getitem__,
    }.get(setting.kind, str)(setting.default)
    return f"`{shown}`" if shown else "empty"


def commands_table() -> str:
    """Return a row for every command."""
    every = click.Group(commands={group.name: group for group in GROUPS if group.name})
    rows = [
        f"| `{name}` | {command.get_short_help_str(limit=200)} |"
        for name, command in sorted(walk(every))
    ]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def walk(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its words: `writebacks list`."""
    for name, command in group.commands.items():
        words = f"{above} {name}".strip()
        if isinstance(command, click.Group):
            yield from walk(command, words)
        else:
            yield words, command


def between(text: str, mark: str) -> str:
    """Return what stands between `<!-- mark -->` and `<!-- /mark -->`."""
    found = _marked(mark).search(text)
    return found.group(2) if found else ""


def _marked(mark: str) -> re.Pattern[str]:
    return re.compile(f"(<!-- {mark} -->\n)(.*?)(\n<!-- /{mark} -->)", re.DOTALL)


def renew() -> None:
    """Write the tables into the README."""
    text = README.read_text()
    for mark, table in (("settings", settings_table()), ("commands", commands_table())):
        text = _marked(mark).sub(rf"\g<1>{table}\g<3>", text)
    README.write_text(text)


if __name__ == "__main__":
    renew()
