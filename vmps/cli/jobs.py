"""`jobs work` and `jobs schedule`: the two processes beside the web server."""

from __future__ import annotations

from flask import current_app
from flask.cli import AppGroup

from vmps.jobs.scheduler import run_scheduler
from vmps.jobs.worker import run_worker

group = AppGroup("jobs", help="The processes that deliver.")


@group.command("work")
def work() -> None:
    """Drain lanes that RQ rings for, until stopped."""
    run_worker(current_app.extensions["vmps.settings"])


@group.command("schedule")
def schedule() -> None:
    """See to lanes that nobody drains, until stopped."""
    run_scheduler(current_app.extensions["vmps.settings"])
