"""Who may use a route: each says it, and one that says nothing serves nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from peewee import Model, ModelSelect

from vmps.models import Role, School
from vmps.web.sessions import find_user, send_to_sign_in

View = TypeVar("View", bound=Callable[..., Any])
M = TypeVar("M", bound=Model)

ADMINS = (Role.DISTRICT_ADMIN, Role.BUILDING_ADMIN)
EVERYBODY = tuple(Role)

#: What an id column holds; SQLite breaks on numbers that are much larger.
LARGEST_ID = 2**31 - 1

#: What stands for "no sign-in needed".
PUBLIC: tuple[Role, ...] = ()


def allow(*roles: Role) -> Callable[[View], View]:
    """Let only signed-in users of these roles in."""

    def mark(view: View) -> View:
        view.allowed_roles = roles  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Let everybody in, without signing in."""
    view.allowed_roles = PUBLIC  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Look at every request before its route, and before its form's token."""
    public(app.view_functions["static"])
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # no such route: 404 or 405 follows
    roles: tuple[Role, ...] | None = getattr(view, "allowed_roles", None)
    if roles is None:
        raise LookupError(f"{request.endpoint} does not say who may use it.")
    if roles is PUBLIC:
        return None
    user = find_user()
    if user is None:
        return send_to_sign_in()
    if user.role not in roles:
        abort(403)
    numbers = [v for v in (request.view_args or {}).values() if isinstance(v, int)]
    if any(number > LARGEST_ID for number in numbers):
        abort(404)
    return None


def is_id(text: str) -> bool:
    """Tell whether a word of a form or an address is an id that may exist."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def choose_or_404(schools: Sequence[School], wanted: str | None) -> School | None:
    """Return the school with this id, the first where none is named; None of none."""
    if not wanted:
        return schools[0] if schools else None
    chosen = [school for school in schools if str(school.id) == wanted]
    if not chosen:
        abort(404)
    return chosen[0]


def get_or_404(visible: ModelSelect[M], row_id: int) -> M:
    """Return the row with this id among those the user may see."""
    key = visible.model._meta.primary_key
    found: M | None = visible.where(key == row_id).first()
    if found is None:
        abort(404)
    return found
