"""The settings in force, as the application was made with them."""

from __future__ import annotations

from flask import current_app

from vmps.config import Settings


def settings() -> Settings:
    """Return the settings in force."""
    found: Settings = current_app.extensions["vmps.settings"]
    return found
