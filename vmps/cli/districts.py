"""`districts`: the tenants."""

from __future__ import annotations

import click

from vmps.cli.group import OPERATOR, CommandGroup, json_option
from vmps.cli.output import answer, table
from vmps.models import District
from vmps.services.districts import add_district

group = CommandGroup("districts", help="Districts.")


@group.command("add")
@click.argument("name")
@click.option("--timezone", required=True, help="IANA zone, e.g. America/Chicago.")
@json_option
def add(name: str, timezone: str, as_json: bool) -> None:
    """Add a district."""
    made = add_district(name, timezone, actor=OPERATOR)
    answer({"id": made}, f"Added district {made}.", as_json=as_json)


@group.command("list")
@json_option
def index(as_json: bool) -> None:
    """List the districts."""
    rows = [
        {"id": district.id, "name": district.name, "timezone": district.timezone}
        for district in District.select().order_by(District.id)
    ]
    text = table(("ID", "NAME", "TIME ZONE"), [tuple(row.values()) for row in rows])
    answer(rows, text, as_json=as_json)
