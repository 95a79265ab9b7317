"""Errors to HTTP, once for all routes: pages for people, documents for programs."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Flask, Response, g, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from peewee import PeeweeException
from werkzeug.exceptions import HTTPException

from vmps.db import UNAVAILABLE, drop_connection
from vmps.secrets import SecretUnreadable
from vmps.services.problems import Missing, Problem
from vmps.web.htmx import alert, is_htmx
from vmps.web.problems import problem

log = logging.getLogger(__name__)

#: What an error says besides its text: the methods of a 405, the wait of a 429 or 503.
_KEPT = {"Allow", "Retry-After"}
#: What programs call; everything else is a page.
_FOR_PROGRAMS = ("/webhooks/", "/healthz", "/readyz", "/metrics")
#: Where our own code is; an error's frames elsewhere tell little.
_OURS = str(Path(__file__).parents[1])
_WRONG = "Something went wrong here."
OLD_FORM = "This form is too old to be sent. Load its page again, then send it."

TITLES = {
    400: "That did not work",
    403: "You may not use this page",
    404: "Page not found",
    422: "That cannot be done",
    500: "Something went wrong",
    503: "Not available right now",
}
MESSAGES = {
    400: "The request could not be understood.",
    403: "It is for another role. If you need it, ask a District Admin.",
    404: "There is no such page, or it is not one of your schools'.",
    405: "This address takes no such request.",
    413: "That is more than this server takes at once.",
    500: f"{_WRONG} Nothing was lost: try again, and tell whoever runs this server"
    " if it lasts.",
    503: "The database does not answer. Load the page again in a moment, and see"
    " whether your last change was saved. If it lasts, tell whoever runs this server.",
}


def init_app(app: Flask) -> None:
    """Answer every error."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(Problem, _answer_problem)
    app.register_error_handler(PeeweeException, _answer_database)
    app.register_error_handler(SecretUnreadable, _answer_database)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _answer_unavailable)
    app.log_exception = _log_unexpected  # type: ignore[method-assign]


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    text = error.description or ""
    kept = {name: value for name, value in error.get_headers() if name in _KEPT}
    if _is_for_program():
        return problem(status, _WRONG if status >= 500 else text, headers=kept)
    if isinstance(error, CSRFError):
        text = OLD_FORM
    is_ours = status in {400, 403} and text != type(error).description
    return _page(status, text if is_ours else "", headers=kept)


def _answer_problem(error: Problem) -> Response:
    status = 404 if isinstance(error, Missing) else 422
    if _is_for_program():
        return problem(status, error.message)
    return _page(status, error.message, details=error.details)


def _answer_database(error: Exception) -> Response:
    """Answer what the database refused."""
    return _answer_broken(error, 500)


def _answer_unavailable(error: Exception) -> Response:
    """Answer while the database is away, locked or full."""
    return _answer_broken(error, 503)


def _answer_broken(error: Exception, status: int) -> Response:
    """The database may be gone: its connection is dropped, and it is asked nothing."""
    drop_connection()
    _note("web.database_error", error)
    return problem(status, _WRONG) if _is_for_program() else _page(status)


def _log_unexpected(exc_info: tuple[type | None, BaseException | None, object]) -> None:
    """Take the place of Flask's own line, which ends with the error's text."""
    _note("web.unexpected_error", exc_info[1])


def _note(event: str, error: BaseException | None) -> None:
    """Log what and where, never the text: it may quote a row or a form."""
    frames = traceback.extract_tb(error.__traceback__ if error else None)
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)]
    where = " ".join(
        f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}"
        for frame in (*ours[-5:], *frames[-1:])
    )
    log.error(
        "%s endpoint=%s error=%s at=%s",
        event,
        request.endpoint,
        type(error).__name__,
        where,
    )


def _is_for_program() -> bool:
    return request.path.startswith(_FOR_PROGRAMS)


def _page(
    status: int,
    message: str = "",
    *,
    details: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    message = message or MESSAGES.get(status, _WRONG)
    g.is_broken = status >= 500
    if is_htmx():
        response = alert(message, status=status, details=details)
    else:
        html = render_template(
            "errors/page.html",
            title=TITLES.get(status, TITLES[400 if status < 500 else 500]),
            message=message,
            details=details,
            back_url=url_for("home.index"),
        )
        response = make_response(html, status)
    response.headers.update(headers or {})
    return response
