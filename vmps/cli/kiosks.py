"""`kiosks`: who may report events, and their webhook secrets."""

from __future__ import annotations

from typing import Any

import click
from peewee import prefetch

from vmps.cli.group import OPERATOR, CommandGroup, district_option, json_option
from vmps.cli.output import answer, table
from vmps.clock import utcnow
from vmps.models import District, Kiosk, KioskSchool, School, VisibleId
from vmps.services.districts import find_district
from vmps.services.kiosks import NewSecret, add_kiosk, rotate_kiosk, switch_kiosk
from vmps.services.schools import find_school

group = CommandGroup("kiosks", help="Kiosks.")


@group.command("add")
@district_option
@click.option(
    "--school", "numbers", required=True, multiple=True, metavar="N", help="Repeatable."
)
@click.option("--name", required=True)
@click.option(
    "--id-kind",
    type=click.Choice([kind.value for kind in VisibleId]),
    help="Which student id it sends; the connection's Visible Student ID if not given.",
)
@json_option
def add(
    district: str,
    numbers: tuple[str, ...],
    name: str,
    id_kind: str | None,
    as_json: bool,
) -> None:
    """Add a kiosk; its secret is shown once."""
    home = find_district(district)
    made = add_kiosk(
        home,
        [find_school(home, number) for number in numbers],
        name,
        id_kind=VisibleId(id_kind) if id_kind else None,
        actor=OPERATOR,
    )
    _show_once(made, as_json=as_json)


@group.command("rotate")
@click.argument("kiosk_id", metavar="ID")
@click.option(
    "--keep-hours",
    type=click.FloatRange(min=0, max=24 * 90),
    default=24,
    show_default=True,
    help="How long the old secret stays good.",
)
@json_option
def rotate(kiosk_id: str, keep_hours: float, as_json: bool) -> None:
    """Give a kiosk a new secret, shown once."""
    made = rotate_kiosk(kiosk_id, keep_hours=keep_hours, actor=OPERATOR, now=utcnow())
    _show_once(made, as_json=as_json)


@group.command("disable")
@click.argument("kiosk_id", metavar="ID")
@json_option
def disable(kiosk_id: str, as_json: bool) -> None:
    """Take no more events from a kiosk."""
    switch_kiosk(kiosk_id, is_disabled=True, actor=OPERATOR)
    answer({"id": kiosk_id, "is_disabled": True}, "Disabled.", as_json=as_json)


@group.command("enable")
@click.argument("kiosk_id", metavar="ID")
@json_option
def enable(kiosk_id: str, as_json: bool) -> None:
    """Take a kiosk's events again."""
    switch_kiosk(kiosk_id, is_disabled=False, actor=OPERATOR)
    answer({"id": kiosk_id, "is_disabled": False}, "Enabled.", as_json=as_json)


@group.command("list")
@json_option
def index(as_json: bool) -> None:
    """List the kiosks, without their secrets."""
    rows: list[dict[str, Any]] = [
        {
            "id": kiosk.public_id,
            "district": kiosk.district.id,
            "name": kiosk.name,
            "id_kind": kiosk.id_kind,
            "is_disabled": kiosk.is_disabled,
            "schools": [link.school.number for link in kiosk.kiosk_schools],
        }
        for kiosk in _kiosks()
    ]
    headings = ("ID", "D", "NAME", "ID KIND", "DISABLED", "SCHOOLS")
    lines = [(*list(row.values())[:-1], " ".join(row["schools"])) for row in rows]
    answer(rows, table(headings, lines), as_json=as_json)


def _kiosks() -> Any:
    """Return the kiosks with their districts and schools, in two queries."""
    kiosks = Kiosk.select(Kiosk, District).join(District).order_by(Kiosk.id)
    links = KioskSchool.select(KioskSchool, School).join(School).order_by(School.id)
    return prefetch(kiosks, links)


def _show_once(made: NewSecret, *, as_json: bool) -> None:
    text = (
        f"Kiosk   {made.public_id}\nSecret  {made.secret}\n"
        "The secret is not shown again: put it into the kiosk now."
    )
    answer({"id": made.public_id, "secret": made.secret}, text, as_json=as_json)
