"""`vmps-demo`: start the demo, send a rush, or run any command on its data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import click
from flask.cli import ScriptInfo

from app import create_app
from vmps.demo.folder import DEFAULT_FOLDER, DemoError, DemoFolder
from vmps.demo.run import run_demo
from vmps.demo.rush import run_rush


def main() -> None:
    """Read the command line and do what it says."""
    given = _parser().parse_args()
    folder = DemoFolder(given.data)
    try:
        if not given.command:
            sys.exit(run_demo(folder))
        if given.command == ["rush"]:
            sys.exit(run_rush(folder))
        _run_command(folder, given.command)
    except DemoError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vmps-demo",
        description="Start the demo; with a command, run that on the demo's data.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=DEFAULT_FOLDER,
        help="where the demo keeps its data (default: %(default)s)",
    )
    parser.add_argument(
        "command",
        nargs=argparse.REMAINDER,
        help="`rush`, or a command such as `writebacks list`",
    )
    return parser


def _run_command(folder: DemoFolder, command: list[str]) -> None:
    app = create_app(folder.overrides())
    info = ScriptInfo(create_app=lambda: app)
    app.cli.main(args=command, prog_name="vmps-demo", obj=info)


if __name__ == "__main__":
    main()
