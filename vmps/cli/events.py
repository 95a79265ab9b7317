"""`events`: student events."""

from __future__ import annotations

import click

from vmps.cli.group import OPERATOR, CommandGroup, json_option
from vmps.cli.output import answer
from vmps.clock import utcnow
from vmps.services.void import void_event

group = CommandGroup("events", help="Student events.")


@group.command("void")
@click.argument("event_id", type=int, metavar="ID")
@json_option
def void(event_id: int, as_json: bool) -> None:
    """Void an event: what was written for it is taken back."""
    void_event(event_id, actor=OPERATOR, now=utcnow())
    answer({"event": event_id, "voided": True}, "Voided.", as_json=as_json)
