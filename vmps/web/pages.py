"""What every page shows around its content, and the gate of PowerSchool Setup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import Connection, Role, User
from vmps.services.look_at_backlog import Banner, look_at_backlog
from vmps.web.access import View
from vmps.web.clock import now
from vmps.web.navigation import (
    ACCOUNT,
    GENERAL_SETTINGS,
    SETUP,
    SETUP_TABS,
    links,
)
from vmps.web.sessions import find_user, signed_in


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


def account_of(user: User) -> Account:
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
        "user": account_of(user),
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
        g.banner = look_at_backlog(user, now=now())
    found: Banner | None = g.banner
    return found


def needs_connection(title: str) -> Callable[[View], View]:
    """Show, while the district has no connection, who can make one instead."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            user = signed_in()
            if Connection.select().where(Connection.district == user.district_id):
                answer: ResponseReturnValue = view(*args, **kwargs)
                return answer
            return _not_connected(title, user)

        return cast(View, guarded)

    return guard


def emails_of_district_admins(user: User) -> list[str]:
    """Return whom the user may ask for what only a district admin does."""
    admins = User.select(User.email).where(
        User.district == user.district_id,
        User.role == Role.DISTRICT_ADMIN,
        User.disabled_at.is_null(),
    )
    return [admin.email for admin in admins.order_by(User.email)]


def _not_connected(title: str, user: User) -> ResponseReturnValue:
    page = render_template(
        "not_connected.html",
        title=title,
        settings_url=url_for("settings.index"),
        district_admins=emails_of_district_admins(user),
    )
    return make_response(page, 200 if request.method == "GET" else 409)
