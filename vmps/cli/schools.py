"""`schools`: a district's buildings and how each writes attendance."""

from __future__ import annotations

from typing import Any

import click

from vmps.cli.group import OPERATOR, CommandGroup, district_option, json_option
from vmps.cli.output import answer, table
from vmps.clock import utcnow
from vmps.models import AttendanceMode, District, School
from vmps.services.districts import find_district
from vmps.services.prevent_tardy_overrides import (
    allow_tardy_overrides,
    prevent_tardy_overrides,
    preview_tardy_prevention,
)
from vmps.services.school_changes import SchoolChanges
from vmps.services.schools import add_school, find_school, set_school
from vmps.services.tardies import TardySettings, set_tardies

group = CommandGroup("schools", help="Schools.")

number_option = click.option(
    "--number", required=True, metavar="N", help="The school's number in PowerSchool."
)


@group.command("add")
@district_option
@number_option
@click.option("--name", required=True)
@click.option("--timezone", help="IANA zone; the district's when not given.")
@json_option
def add(
    district: str, number: str, name: str, timezone: str | None, as_json: bool
) -> None:
    """Add a school, enabled, without an attendance mode."""
    home = find_district(district)
    made = add_school(home, number, name, timezone=timezone, actor=OPERATOR)
    text = f"Added school {made}. Next: `schools set` its --mode."
    answer({"id": made}, text, as_json=as_json)


class Codes(click.ParamType[tuple[str, ...]]):
    """Attendance codes, comma separated; an empty text is none at all."""

    name = "codes"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(code.strip() for code in value.split(",") if code.strip())


@group.command("set")
@district_option
@number_option
@click.option("--mode", type=click.Choice([mode.value for mode in AttendanceMode]))
@click.option("--enabled/--disabled", "is_enabled", default=None)
@click.option("--replaceable", type=Codes(), help="Codes that may be overwritten.")
@click.option("--protected", type=Codes(), help="Codes that never are.")
@click.option("--keeps-first/--keeps-last", "keeps_first", default=None)
@click.option("--missed-code", help="Meeting mode: for missed classes; empty: none.")
@click.option(
    "--marks-remaining/--marks-current",
    "marks_remaining",
    default=None,
    help="Meeting mode: what an early check-out marks.",
)
@click.option(
    "--remaining-code",
    help="Meeting mode: for classes after an early check-out; empty: the event's own.",
)
@json_option
def update(
    district: str, number: str, mode: str | None, as_json: bool, **changes: Any
) -> None:
    """Set how a school writes attendance; what is not given stays."""
    saved = set_school(
        find_school(find_district(district), number),
        SchoolChanges(mode=AttendanceMode(mode) if mode else None, **changes),
        actor=OPERATOR,
        now=utcnow(),
    )
    text = "Saved."
    if saved.requeued:
        text += f" Queued again: {saved.requeued}."
    if saved.not_sent:
        text += f" Not sent any more: {saved.not_sent}."
    counts = {"requeued": saved.requeued, "not_sent": saved.not_sent}
    answer(counts, text, as_json=as_json)


@group.command("tardies")
@district_option
@number_option
@click.option("--late-check-in-time", "late_time", metavar="TIME", help="8:10 AM.")
@click.option("--tardy-alert-threshold", "threshold", metavar="N", help="1 to 365.")
@json_option
def set_tardy(
    district: str,
    number: str,
    late_time: str | None,
    threshold: str | None,
    as_json: bool,
) -> None:
    """Set a school's tardy settings; what is not given stays, "" takes it off."""
    saved = set_tardies(
        find_school(find_district(district), number),
        late_time=late_time,
        threshold=threshold,
        actor=OPERATOR,
        now=utcnow(),
    )
    time_of_day, count = saved.words()
    text = f"Saved. Late Check-in Time: {time_of_day}. Tardy Alert Threshold: {count}."
    answer(saved.columns(), text, as_json=as_json)


@group.command("tardy-overrides")
@district_option
@click.option("--prevent/--allow", "is_on", required=True, default=None)
@json_option
def switch_tardy_overrides(district: str, is_on: bool, as_json: bool) -> None:
    """Prevent School Overrides of tardy settings, or allow them again."""
    home = find_district(district)
    if is_on:
        seen = preview_tardy_prevention(home.id).fingerprint
        prevent_tardy_overrides(home.id, fingerprint=seen, actor=OPERATOR)
    else:
        allow_tardy_overrides(home.id, actor=OPERATOR)
    text = f"Prevent School Overrides of tardy settings is {'on' if is_on else 'off'}."
    answer({"is_prevented": is_on}, text, as_json=as_json)


@group.command("list")
@json_option
def index(as_json: bool) -> None:
    """List the schools of all districts."""
    query = School.select(School, District).join(District)
    rows = [_row(school) for school in query.order_by(District.id, School.id)]
    headings = ("ID", "D", "NUMBER", "NAME", "TIME ZONE", "ENABLED", "MODE")
    width = len(headings)
    text = table(headings, [tuple(row.values())[:width] for row in rows])
    answer(rows, text, as_json=as_json)


def _row(school: School) -> dict[str, object]:
    return {
        "id": school.id,
        "district": school.district.id,
        "number": school.number,
        "name": school.name,
        "timezone": str(school.zone),
        "is_enabled": school.is_enabled,
        "mode": school.mode,
        "replaceable": sorted(school.replaceable),
        "protected": sorted(school.protected),
        "keeps_first": school.keeps_first_code,
        "missed_code": school.missed_code,
        "marks_remaining": school.marks_remaining,
        "remaining_code": school.remaining_code,
        **TardySettings.of(school).columns(),
    }
