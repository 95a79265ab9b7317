"""What a person is told whose page somebody else overtook: who changed what, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vmps.models import School
from vmps.services.schools import today_at
from vmps.words import say_time


def say_overtaken(
    school: School,
    pairs: Sequence[tuple[str, str]],
    *,
    by: str,
    at: datetime | None,
    now: datetime,
) -> str:
    """Name what differs of the pairs, each as the person saw it and as it is now."""
    what = ", ".join(f"{old} → {new}" for old, new in pairs if old != new)
    who = f" by {by}" if by else ""
    when = f" {_moment(school, at, now)}" if at else ""
    return (
        f"Changed{who}{when}: {what}, while you had this page open."
        " Check it, then save again."
    )


def _moment(school: School, at: datetime, now: datetime) -> str:
    local = at.astimezone(school.zone)
    day = "" if local.date() == today_at(school, now) else local.strftime("on %b %-d ")
    return f"{day}at {say_time(local)}"
