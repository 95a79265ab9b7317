"""`plugin`: what a district's PowerSchool administrator installs."""

from __future__ import annotations

from pathlib import Path

import click

from vmps.cli.group import CommandGroup, json_option, settings
from vmps.cli.output import answer
from vmps.services.build_plugin import Edition, build_plugin, write_plugin

group = CommandGroup("plugin", help="The plugin for PowerSchool.")

_NEXT = (
    "Next: a PowerSchool administrator installs and enables it in System, System"
    " Settings, Plugin Management Configuration."
)


@group.command("build")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--edition",
    type=click.Choice([edition.value for edition in Edition]),
    default=Edition.FROM_25_2.value,
    show_default=True,
    help="Which PowerSchool it is for: from 25.2 on, or older.",
)
@json_option
def build(file: Path, edition: str, as_json: bool) -> None:
    """Write the plugin's ZIP into FILE, a new one."""
    plugin = build_plugin(Edition(edition), contact=settings().plugin_contact)
    write_plugin(plugin, file)
    value = {
        "file": str(file),
        "edition": edition,
        "version": plugin.version,
        "bytes": len(plugin.content),
    }
    text = f"Wrote version {plugin.version}, {edition}, to {file}. {_NEXT}"
    answer(value, text, as_json=as_json)
