"""`events`: student events."""

from __future__ import annotations

from datetime import datetime

import click

from vmps.cli.group import OPERATOR, CommandGroup, json_option
from vmps.cli.output import answer, moment
from vmps.clock import utcnow
from vmps.services.ask_change import ask_correction
from vmps.services.correct import correct_event, moment_at
from vmps.services.restore import restore_event
from vmps.services.void import void_event

group = CommandGroup("events", help="Student events.")


@group.command("void")
@click.argument("event_id", type=int, metavar="ID")
@json_option
def void(event_id: int, as_json: bool) -> None:
    """Void an event: what was written for it is taken back."""
    void_event(event_id, actor=OPERATOR, now=utcnow())
    answer({"event": event_id, "voided": True}, "Voided.", as_json=as_json)


@group.command("restore")
@click.argument("event_id", type=int, metavar="ID")
@json_option
def restore(event_id: int, as_json: bool) -> None:
    """Take an event's void back: it counts again, and is written again."""
    restore_event(event_id, actor=OPERATOR, now=utcnow())
    answer({"event": event_id, "voided": False}, "Restored.", as_json=as_json)


@group.command("correct")
@click.argument("event_id", type=int, metavar="ID")
@click.option(
    "--time", "clock", type=click.DateTime(["%H:%M"]), help="The school's, like 08:14."
)
@click.option("--reason", metavar="LABEL", help="One of the school's reasons.")
@json_option
def correct(
    event_id: int, clock: datetime | None, reason: str | None, as_json: bool
) -> None:
    """Correct an event's time or reason; PowerSchool follows."""
    now = utcnow()
    asked = ask_correction(event_id, now=now)
    occurred_at = None
    if clock:
        occurred_at = moment_at(
            asked.school_day, clock.time(), asked.zone, like=asked.occurred_at
        )
    correct_event(
        event_id,
        occurred_at=occurred_at,
        reason=reason,
        actor=OPERATOR,
        now=now,
        seen=asked.seen,
    )
    shown = ask_correction(event_id, now=now)
    told = {
        "event": event_id,
        "occurred_at": moment(shown.occurred_at.astimezone(shown.zone)),
        "reason": shown.reason,
    }
    answer(told, "Corrected.", as_json=as_json)
