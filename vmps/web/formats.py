"""How moments and words look on a page: the school's or district's zone, never UTC."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from vmps.words import say_time


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        moment=moment,
        local=local_time,
        clock=clock_time,
        day=day,
        ago=ago,
        seconds=short_seconds,
        zone_name=zone_name,
    )


def moment(value: datetime, zone: ZoneInfo) -> Markup:
    """Return `Nov 23, 2026, 8:14 AM CST` as an element that machines read too."""
    local = value.astimezone(zone)
    return _time(value, local.strftime("%b %-d, %Y, %-I:%M %p %Z"))


def local_time(value: datetime, zone: ZoneInfo) -> Markup:
    """Return `Nov 23, 2026, 8:14 AM` for a list that names the zone once."""
    return _time(value, value.astimezone(zone).strftime("%b %-d, %Y, %-I:%M %p"))


def clock_time(value: datetime, zone: ZoneInfo) -> Markup:
    """Return `8:14:05 AM` for a list that names the day and the zone once."""
    return _time(value, say_time(value.astimezone(zone), has_seconds=True))


def short_seconds(value: float) -> str:
    """Return `0.42 seconds`, whole ones from ten on, none that reads as zero."""
    if value < 0.01:
        return "less than 0.01 seconds"
    return f"{value:.0f} seconds" if value >= 10 else f"{value:.2f} seconds"


def day(value: date) -> str:
    """Return `Nov 23, 2026`."""
    return value.strftime("%b %-d, %Y")


def zone_name(zone: ZoneInfo) -> str:
    """Return `Chicago time` for America/Chicago."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ") + " time"


def ago(value: datetime, now: datetime, zone: ZoneInfo) -> Markup:
    """Return `2 min ago`, for what is older than a day the moment itself."""
    minutes = int((now - value).total_seconds()) // 60
    if minutes >= 24 * 60:
        return moment(value, zone)
    if minutes < 1:
        return _time(value, "just now")
    return _time(
        value, f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"
    )


def _time(value: datetime, text: str) -> Markup:
    machine = value.isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(machine, text)
