"""`connections`: a district's PowerSchool, saved and tested."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from vmps.cli.group import (
    OPERATOR,
    CommandGroup,
    district_option,
    json_option,
    settings,
)
from vmps.cli.output import answer
from vmps.clock import utcnow
from vmps.models import District, RosterId, VisibleId
from vmps.services.check_connection import check_connection
from vmps.services.confirm_roster_id import Unproven, confirm_roster_id
from vmps.services.connection_form import ConnectionForm
from vmps.services.connection_view import is_connected, view_connection
from vmps.services.connections import save_connection
from vmps.services.detect_roster_id import Detection, detect_roster_id
from vmps.services.districts import find_district
from vmps.services.problems import Missing, Problem
from vmps.services.steps import Step, StepStatus

group = CommandGroup("connections", help="Connections to PowerSchool.")


@group.command("set")
@district_option
@click.option("--url", required=True, help="https://district.powerschool.com")
@click.option("--client-id", required=True)
@click.option("--client-secret-stdin", is_flag=True, help="Read the secret from stdin.")
@click.option(
    "--roster-id",
    type=click.Choice([kind.value for kind in RosterId]),
    help="What the roster's SIS ID is in PowerSchool; dcid at first.",
)
@click.option(
    "--visible-id",
    type=click.Choice([kind.value for kind in VisibleId]),
    help="The id people see and scan; sis_id at first.",
)
@json_option
def update(  # noqa: PLR0917 one parameter an option
    district: str,
    url: str,
    client_id: str,
    client_secret_stdin: bool,
    roster_id: str | None,
    visible_id: str | None,
    as_json: bool,
) -> None:
    """Save the connection; a paused lane tries again at once."""
    if not client_secret_stdin:
        raise click.UsageError("Give --client-secret-stdin and pipe the secret in.")
    home = find_district(district)
    form = ConnectionForm(
        url=url,
        client_id=client_id,
        client_secret=sys.stdin.read(),
        roster_id=RosterId(roster_id) if roster_id else None,
        visible_id=VisibleId(visible_id) if visible_id else None,
    )
    save_connection(
        home,
        form,
        allowed_networks=settings().allowed_networks,
        actor=OPERATOR,
        now=utcnow(),
    )
    text = "Saved. Next: `connections test`."
    answer({"district": home.id}, text, as_json=as_json)


@group.command("test")
@district_option
@json_option
@click.pass_context
def check(ctx: click.Context, district: str, as_json: bool) -> None:
    """Test every link of the connection; exit code 1 when one is broken."""
    home = _find_connected(district)
    steps = check_connection(home, settings(), actor=OPERATOR, now=utcnow())
    is_ok = all(step.status is not StepStatus.FAILED for step in steps)
    shown = [
        {
            "step": step.name,
            "status": step.status,
            "message": step.message,
            "fix": _fix(step),
        }
        for step in steps
    ]
    answer({"ok": is_ok, "steps": shown}, _lines(steps), as_json=as_json)
    ctx.exit(0 if is_ok else 1)


@group.command("detect")
@district_option
@json_option
@click.pass_context
def detect(ctx: click.Context, district: str, as_json: bool) -> None:
    """Tell what the roster's SIS ID is in PowerSchool; exit code 1 when unclear."""
    home = _find_connected(district)
    found = detect_roster_id(home, settings())
    value = {
        "kind": found.kind,
        "tallies": [asdict(tally) for tally in found.tallies],
        "examples": list(found.examples),
    }
    answer(value, _told(found), as_json=as_json)
    ctx.exit(0 if found.kind else 1)


def _find_connected(district: str) -> District:
    home = find_district(district)
    if not is_connected(home.id):
        raise Missing(f"{home.name} has no connection yet: `connections set` saves it.")
    return home


def _told(found: Detection) -> str:
    others = [f"Another student: {example}" for example in found.examples]
    lines = [found.words(), *others]
    if found.kind is None:
        lines.append("This is not clear: is the roster of the same district?")
    else:
        next_one = f"`connections confirm --roster-id {found.kind}`"
        lines.append(f"This is clear: it is {found.kind.label}. Next: {next_one}.")
    return "\n".join(lines)


@group.command("confirm")
@district_option
@click.option(
    "--roster-id",
    type=click.Choice([kind.value for kind in RosterId]),
    required=True,
    help="What the roster's SIS ID is in PowerSchool; `connections detect` tells.",
)
@click.option(
    "--force", is_flag=True, help="Confirm it although a sample does not fit."
)
@json_option
def confirm(district: str, roster_id: str, force: bool, as_json: bool) -> None:
    """Confirm what the roster's SIS ID is; what failed today for it is sent again."""
    home, kind = _find_connected(district), RosterId(roster_id)
    saved = view_connection(home)
    try:
        confirmed = confirm_roster_id(
            home,
            kind,
            settings(),
            seen=saved.version if saved else "",
            is_forced=force,
            actor=OPERATOR,
            now=utcnow(),
        )
    except Unproven as refused:
        anyway = f"`--force` confirms it although {refused.although}."
        details = [*refused.details, anyway]
        raise Problem(refused.message, details=details) from refused
    value = {"is_changed": confirmed.is_changed, "requeued": confirmed.requeued}
    text = f"Confirmed: {kind.label}. {confirmed.words()}".strip()
    answer(value, text, as_json=as_json)


def _lines(steps: Sequence[Step]) -> str:
    lines = []
    for step in steps:
        lines.append(f"{step.status:8} {step.name:17} {step.message}")
        lines.extend(f"{'':9}{line}" for line in _fix(step).splitlines())
    return "\n".join(lines)


def _fix(step: Step) -> str:
    return "\n".join(filter(None, (step.fix, step.plugin_lines)))
