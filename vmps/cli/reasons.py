"""`reasons`: what is picked at check-in, and its attendance code."""

from __future__ import annotations

import click

from vmps.cli.group import (
    OPERATOR,
    CommandGroup,
    district_option,
    json_option,
    school_option,
)
from vmps.cli.output import answer, table
from vmps.clock import utcnow
from vmps.models import EventType, Reason, School
from vmps.services.districts import find_district
from vmps.services.reasons import save_reason
from vmps.services.school_codes import say_missing
from vmps.services.schools import find_school

group = CommandGroup("reasons", help="Reasons.")


@group.command("add")
@district_option
@school_option
@click.option(
    "--type",
    "kind",
    required=True,
    type=click.Choice([kind.value for kind in EventType]),
)
@click.option("--label", required=True, help="What the kiosk sends, e.g. Bus late.")
@click.option("--code", help="The attendance code's text, e.g. T.")
@json_option
def add(  # noqa: PLR0917 one parameter an option
    district: str,
    school: str,
    kind: str,
    label: str,
    code: str | None,
    as_json: bool,
) -> None:
    """Add a reason, or give one a code; today's events that waited are sent."""
    building, now = find_school(find_district(district), school), utcnow()
    reason_id, requeued = save_reason(
        building, EventType(kind), label, code=code, actor=OPERATOR, now=now
    )
    text = f"Saved reason {reason_id}."
    if requeued:
        text += f" Queued again: {requeued}."
    missing = say_missing(building, [code], now=now)
    value = {"id": reason_id, "requeued": requeued, "problem": missing}
    answer(value, f"{text} {missing}".strip(), as_json=as_json)


@group.command("list")
@json_option
def index(as_json: bool) -> None:
    """List the reasons of all schools."""
    query = Reason.select(Reason, School).join(School)
    rows = [
        {
            "id": reason.id,
            "school": reason.school.number,
            "type": reason.type,
            "label": reason.label,
            "code": reason.code,
        }
        for reason in query.order_by(School.id, Reason.type, Reason.position)
    ]
    text = table(
        ("ID", "SCHOOL", "TYPE", "LABEL", "CODE"),
        [tuple(row.values()) for row in rows],
    )
    answer(rows, text, as_json=as_json)
