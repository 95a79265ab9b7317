"""Which command groups there are."""

from __future__ import annotations

from flask import Flask

from vmps.cli import (
    codes,
    config,
    connections,
    db,
    districts,
    events,
    jobs,
    kiosks,
    lanes,
    plugin,
    reasons,
    schools,
    secrets,
    students,
    users,
    writebacks,
)

GROUPS = (
    config.group,
    db.group,
    secrets.group,
    districts.group,
    schools.group,
    users.group,
    connections.group,
    plugin.group,
    students.group,
    reasons.group,
    codes.group,
    kiosks.group,
    writebacks.group,
    events.group,
    lanes.group,
    jobs.group,
)


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    for group in GROUPS:
        app.cli.add_command(group)
