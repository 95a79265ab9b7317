"""`db`: the schema and a copy of the data."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from vmps.cli.group import OPERATOR, CommandGroup, json_option, settings
from vmps.cli.output import answer, table
from vmps.services.backup import back_up

group = CommandGroup("db", help="The database.")


def _migrations() -> Any:
    """Load the migrations only when asked: no other command needs them."""
    return import_module("vmps.migrations")


@group.command("upgrade")
@json_option
def upgrade(as_json: bool) -> None:
    """Bring the schema up to date."""
    applied = list(_migrations().upgrade())
    text = "\n".join(f"Applied {name}." for name in applied) or "Up to date."
    answer({"applied": applied}, text, as_json=as_json)


@group.command("status")
@json_option
def status(as_json: bool) -> None:
    """List the migrations, applied or not."""
    found = list(_migrations().status())
    rows = [{"name": name, "is_applied": is_applied} for name, is_applied in found]
    answer(rows, table(("MIGRATION", "APPLIED"), found), as_json=as_json)


@group.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Copy the whole database into FILE, a new one, while everything runs."""
    size = back_up(settings().database_url, file, actor=OPERATOR)
    text = f"Copied to {file}, {size} bytes."
    answer({"file": str(file), "bytes": size}, text, as_json=as_json)
