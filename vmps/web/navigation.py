"""The side navigation: what exists, for whom, and where the user is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from vmps.models import Role, User
from vmps.web.access import ADMINS, EVERYBODY


@dataclass(frozen=True, slots=True)
class Item:
    """One link; `tabs` are the blueprints whose pages stand under it."""

    label: str
    endpoint: str
    tabs: tuple[str, ...]
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An item as a template shows it."""

    label: str
    url: str
    is_current: bool


#: The blueprints of PowerSchool Setup: its three tabs, and what stands beside them.
SETUP = ("settings", "schools", "logs", "changes", "preview", "reconciliation")
GENERAL_SETTINGS = (
    Item("PowerSchool Setup", "settings.index", SETUP, (Role.DISTRICT_ADMIN,)),
    Item("PowerSchool Setup", "schools.index", SETUP, (Role.BUILDING_ADMIN,)),
    Item("Student Tracking", "tracking.index", ("tracking",), ADMINS),
)
SETUP_TABS = (
    Item("Settings", "settings.index", ("settings",), (Role.DISTRICT_ADMIN,)),
    Item("School Building Setup", "schools.index", ("schools", "preview"), ADMINS),
    Item("Writeback Logs", "logs.index", ("logs", "changes", "reconciliation"), ADMINS),
)
ACCOUNT = (Item("Change Password", "password.index", ("password",), EVERYBODY),)


def links(items: tuple[Item, ...], user: User) -> list[Link]:
    """Return the links the user may follow; the page's own is current."""
    return [
        Link(item.label, url_for(item.endpoint), request.blueprint in item.tabs)
        for item in items
        if user.role in item.roles
    ]
