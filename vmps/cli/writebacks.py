"""`writebacks`: the log, the story of one, and retrying."""

from __future__ import annotations

from datetime import date, datetime

import click

from vmps.cli.group import OPERATOR, CommandGroup, json_option
from vmps.cli.output import answer
from vmps.cli.stories import line_of, list_text, story_of, story_text
from vmps.clock import utcnow
from vmps.models import Status
from vmps.services.districts import find_district
from vmps.services.list_writebacks import (
    WritebackFilters,
    list_writebacks,
    show_writeback,
)
from vmps.services.problems import Problem
from vmps.services.retry import (
    RETRYABLE,
    RetryCount,
    count_retryable,
    retry_selection,
    retry_writebacks,
)
from vmps.services.schools import find_school

group = CommandGroup("writebacks", help="Writebacks.")

_DISABLED = "their school is disabled: enable it first"

district_option = click.option("--district", metavar="D", help="Id or exact name.")
school_option = click.option("--school", metavar="N", help="The school's number.")
day_option = click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="The school's date."
)


@group.command("list")
@district_option
@school_option
@click.option("--status", type=click.Choice([status.value for status in Status]))
@day_option
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--before", type=int, metavar="ID", help="Older than this one.")
@json_option
def index(  # noqa: PLR0917 one parameter an option
    district: str | None,
    school: str | None,
    status: str | None,
    day: datetime | None,
    limit: int,
    before: int | None,
    as_json: bool,
) -> None:
    """List writebacks, newest first."""
    filters = _filters(district, school, status, day, before=before)
    views = list_writebacks(filters, limit=limit)
    answer([line_of(view) for view in views], list_text(views), as_json=as_json)


@group.command("show")
@click.argument("writeback_id", type=int, metavar="ID")
@json_option
def show(writeback_id: int, as_json: bool) -> None:
    """Show one writeback with its event and every attempt."""
    story = show_writeback(writeback_id)
    answer(story_of(story), story_text(story), as_json=as_json)


@group.command("retry")
@click.argument("ids", type=int, nargs=-1, metavar="[ID]...")
@district_option
@click.option("--status", type=click.Choice([status.value for status in RETRYABLE]))
@school_option
@day_option
@click.option("--yes", "is_sure", is_flag=True, help="Do it; else they are counted.")
@json_option
def retry(  # noqa: PLR0917 one parameter an option
    ids: tuple[int, ...],
    district: str | None,
    status: str | None,
    school: str | None,
    day: datetime | None,
    is_sure: bool,
    as_json: bool,
) -> None:
    """Send writebacks again now: some by ID, or all of a district's that fit."""
    if ids and (district or status or school or day):
        raise click.UsageError("Give IDs, or --district and --status, not both.")
    if ids:
        count = retry_writebacks(ids, actor=OPERATOR, now=utcnow())
        answer({"retried": count}, f"Retried: {count}.", as_json=as_json)
        return
    if not (district and status):
        raise click.UsageError("Give IDs, or --district and --status.")
    filters = _filters(district, school, status, day)
    _retry_selection(filters, is_sure=is_sure, as_json=as_json)


def _retry_selection(
    filters: WritebackFilters, *, is_sure: bool, as_json: bool
) -> None:
    found = count_retryable(filters)
    if found.left_out and not found.retried:
        raise Problem(f"{found.left_out} cannot be retried, {_DISABLED}.")
    if not is_sure:
        text = f"Would retry: {found.retried}.{_left_out(found)} Add --yes to do it."
        counts = {"would_retry": found.retried, "left_out": found.left_out}
        answer(counts, text, as_json=as_json)
        return
    done = retry_selection(filters, actor=OPERATOR, now=utcnow())
    text = f"Retried: {done.retried}.{_left_out(done)}"
    counts = {"retried": done.retried, "left_out": done.left_out}
    answer(counts, text, as_json=as_json)


def _left_out(count: RetryCount) -> str:
    return f" Left out: {count.left_out}, {_DISABLED}." if count.left_out else ""


def _filters(
    district: str | None,
    school: str | None,
    status: str | None,
    day: datetime | None,
    *,
    before: int | None = None,
) -> WritebackFilters:
    if school and not district:
        raise click.UsageError("--school needs --district.")
    home = find_district(district) if district else None
    building = find_school(home, school) if home and school else None
    on: date | None = day.date() if day else None
    return WritebackFilters(
        district_id=home.id if home else None,
        school_id=building.id if building else None,
        status=Status(status) if status else None,
        day=on,
        before=before,
    )
