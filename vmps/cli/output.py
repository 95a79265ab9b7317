"""Answers on stdout: one JSON value, or short text in columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click


def answer(value: Any, text: str, *, as_json: bool) -> None:
    """Print `value` as JSON, or `text` for people."""
    shown = json.dumps(value, default=str, ensure_ascii=False) if as_json else text
    click.echo(shown)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows under headings, each column as wide as it needs."""
    lines = [tuple(headings), *(tuple(map(_cell, row)) for row in rows)]
    if len(lines) == 1:
        return "None."
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def moment(value: datetime | None) -> str | None:
    """Return a moment as JSON carries it."""
    return None if value is None else value.isoformat()
