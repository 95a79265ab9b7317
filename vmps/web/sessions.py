"""Who is signed in: Flask-Login over sessions that the server can end."""

# The cookie holds a random token, signed by Flask; the database its digest. Flask-Login
# is dormant, so it is known in this module only.

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from vmps.models import User
from vmps.services.sessions import begin_session, end_session, find_session
from vmps.web.clock import now
from vmps.web.htmx import is_poll, leave_for, redirect_to

#: What Flask-Login puts into the cookie for a protection that we don't use: a digest of
#: the browser's address among it.
_UNUSED = ("_id", "_fresh")


class _Visitor(UserMixin):  # type: ignore[misc] # Flask-Login has no types
    """What Flask-Login keeps: the user, known to the cookie by the session's token."""

    def __init__(self, user: User, token: str) -> None:
        self.user, self.token = user, token

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    """Set the cookie up and find the user of a request when it is asked for."""
    settings = app.extensions["vmps.settings"]
    app.config.update(
        SESSION_COOKIE_NAME="vmps" if settings.plain_http else "__Host-vmps",
        SESSION_COOKIE_SECURE=not settings.plain_http,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    manager = LoginManager()
    manager.session_protection = None  # the server's own session is the protection
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)


def _load(token: str) -> _Visitor | None:
    settings = current_app.extensions["vmps.settings"]
    user = find_session(
        token,
        now=now(),
        idle_minutes=settings.session_idle_minutes,
        absolute_hours=settings.session_hours,
        is_activity=not is_poll(),
    )
    return _Visitor(user, token) if user else None


def find_user() -> User | None:
    """Return who is signed in, if anybody is."""
    return current_user.user if current_user.is_authenticated else None


def signed_in() -> User:
    """Return who is signed in; for routes that only such reach."""
    user: User = current_user.user
    return user


def token_in_use() -> str:
    """Return the token of this request's session; never show or log it."""
    token: str = current_user.token
    return token


def open_session(user: User) -> None:
    """Begin a new session in this browser; an older one here ends."""
    close_session()
    login_user(_Visitor(user, begin_session(user, now=now())))
    for unused in _UNUSED:
        session.pop(unused, None)


def close_session() -> None:
    """End this browser's session, here and on the server."""
    if current_user.is_authenticated:
        end_session(token_in_use(), now=now())
        logout_user()
    session.clear()


def send_to_sign_in() -> BaseResponse:
    """Answer who is not signed in: the sign-in page, as a whole page to htmx too."""
    if request.headers.get("HX-Request") == "true":
        back = _page_seen()
        return leave_for(url_for("sign_in.index", next=back or None), status=401)
    is_page = request.method == "GET" and request.full_path.rstrip("?") != "/"
    back = request.full_path.rstrip("?") if is_page else ""
    return redirect_to(url_for("sign_in.index", next=back or None))


def _page_seen() -> str:
    """Return the path of the page that htmx asks from; the sign-in page checks it."""
    try:
        seen = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return ""
    return seen.path + (f"?{seen.query}" if seen.query else "")
