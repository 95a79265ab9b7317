"""The gate of PowerSchool Setup: two of its tabs open once there is a connection."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from vmps.models import User
from vmps.services.connection_view import is_connected
from vmps.services.users import list_district_admins
from vmps.web.access import View
from vmps.web.sessions import signed_in


def needs_connection(title: str) -> Callable[[View], View]:
    """Show, while the district has no connection, who can make one instead."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            user = signed_in()
            if is_connected(user.district_id):
                answer: ResponseReturnValue = view(*args, **kwargs)
                return answer
            return _not_connected(title, user)

        return cast(View, guarded)

    return guard


def _not_connected(title: str, user: User) -> ResponseReturnValue:
    page = render_template(
        "not_connected.html",
        title=title,
        settings_url=url_for("settings.index"),
        district_admins=list_district_admins(user.district_id),
    )
    return make_response(page, 200 if request.method == "GET" else 409)
