"""What every page shows around its content: who is there, where to go, the banner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request

from vmps.models import Role, User
from vmps.services.connection_health import Health, view_health
from vmps.services.look_at_backlog import Banner, look_at_backlog
from vmps.web.clock import now
from vmps.web.navigation import (
    ACCOUNT,
    GENERAL_SETTINGS,
    SETUP,
    SETUP_TABS,
    links,
)
from vmps.web.sessions import find_user


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, as templates show it."""

    email: str
    role_label: str
    district_name: str
    is_district_admin: bool


def init_app(app: Flask) -> None:
    """Give the frame its navigation."""
    app.context_processor(_frame)


def _account_of(user: User) -> Account:
    """Return what a template may know of the user."""
    return Account(
        user.email, Role(user.role).label, user.district.name, user.is_district_admin
    )


def _frame() -> dict[str, Any]:
    # A page about a broken server asks the database nothing.
    user = None if g.get("is_broken") else find_user()
    if user is None:
        return {"user": None}
    return {
        "user": _account_of(user),
        "general_settings": links(GENERAL_SETTINGS, user),
        "account_links": links(ACCOUNT, user),
        "setup_tabs": links(SETUP_TABS, user),
        "banner_shown": request.blueprint in SETUP,
        "banner": banner_for(user) if request.blueprint in SETUP else None,
        "district_zone": ZoneInfo(user.district.timezone),
    }


def banner_for(user: User) -> Banner | None:
    """Return what holds deliveries up; looked at once a request."""
    if "banner" not in g:
        # Settings shows the test itself.
        health = None if request.blueprint == "settings" else health_for(user)
        g.banner = look_at_backlog(user, now=now(), health=health)
    found: Banner | None = g.banner
    return found


def health_for(user: User) -> Health | None:
    """Return what the connection's last test found; read once a request."""
    if "health" not in g:
        g.health = view_health(user.district_id)
    found: Health | None = g.health
    return found
