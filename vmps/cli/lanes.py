"""`lanes`: each district's delivery."""

from __future__ import annotations

from vmps.cli.group import OPERATOR, CommandGroup, district_option, json_option
from vmps.cli.output import answer, moment, table
from vmps.clock import utcnow
from vmps.services.districts import find_district
from vmps.services.explain import explain_cause
from vmps.services.list_lanes import LaneView, list_lanes, resume

group = CommandGroup("lanes", help="Deliveries to PowerSchool, one lane a district.")


@group.command("list")
@json_option
def index(as_json: bool) -> None:
    """List the lanes: paused or open, how late, last success."""
    lanes = list_lanes(now=utcnow())
    headings = ("D", "DISTRICT", "WAITS FOR", "UNTIL", "MODES", "LATE", "LAST SUCCESS")
    rows = [
        (
            lane.district_id,
            lane.district,
            _why(lane),
            lane.blocked_until,
            " ".join(lane.paused_modes),
            _late(lane),
            lane.last_success_at,
        )
        for lane in lanes
    ]
    answer([_row(lane) for lane in lanes], table(headings, rows), as_json=as_json)


@group.command("resume")
@district_option
@json_option
def go_on(district: str, as_json: bool) -> None:
    """Let a paused lane try again at once."""
    home = find_district(district)
    resume(home, actor=OPERATOR)
    answer({"district": home.id, "resumed": True}, "Resumed.", as_json=as_json)


def _why(lane: LaneView) -> str:
    return explain_cause(lane.blocked_reason).text if lane.blocked_reason else ""


def _late(lane: LaneView) -> str:
    seconds = lane.oldest_due_seconds
    return "" if seconds is None else f"{seconds:.0f} s"


def _row(lane: LaneView) -> dict[str, object]:
    return {
        "district": lane.district_id,
        "name": lane.district,
        "blocked_reason": lane.blocked_reason,
        "explanation": _why(lane),
        "blocked_until": moment(lane.blocked_until),
        "paused_modes": lane.paused_modes,
        "oldest_due_seconds": lane.oldest_due_seconds,
        "last_success_at": moment(lane.last_success_at),
    }
