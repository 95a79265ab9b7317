"""`students`: the roster."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from vmps.cli.group import OPERATOR, CommandGroup, district_option, json_option
from vmps.cli.output import answer
from vmps.clock import utcnow
from vmps.services.districts import find_district
from vmps.services.import_students import import_students

group = CommandGroup("students", help="Students.")


@group.command("import")
@district_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--replace", "is_replacing", is_flag=True, help="Archive who is not in the file."
)
@json_option
def load(district: str, file: Path, is_replacing: bool, as_json: bool) -> None:
    """Import FILE, a CSV with a header.

    Columns: school_number, sis_id, student_number, first_name, last_name, grade.
    """
    counts = import_students(
        find_district(district),
        file,
        is_replacing=is_replacing,
        actor=OPERATOR,
        now=utcnow(),
    )
    shown = asdict(counts)
    text = ", ".join(f"{count} {word}" for word, count in shown.items())
    answer(shown, f"Students: {text}.", as_json=as_json)
