"""The clock of the application, so that a test can set it."""

from __future__ import annotations

from datetime import datetime

from flask import current_app


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    moment: datetime = current_app.extensions["vmps.clock"]()
    return moment
