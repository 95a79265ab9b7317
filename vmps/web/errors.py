"""Errors to HTTP, once for all routes."""

from __future__ import annotations

import logging
import traceback

from flask import Flask, Response, request
from peewee import PeeweeException
from werkzeug.exceptions import HTTPException

from vmps.web.problems import problem

log = logging.getLogger(__name__)

#: What an error says besides its text: the methods of a 405, the wait of a 429 or 503.
_KEPT = {"Allow", "Retry-After"}


def init_app(app: Flask) -> None:
    """Answer every error as a problem document."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(PeeweeException, _answer_database)


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    detail = "Something went wrong here." if status >= 500 else error.description or ""
    kept = {name: value for name, value in error.get_headers() if name in _KEPT}
    return problem(status, detail, headers=kept)


def _answer_database(error: PeeweeException) -> Response:
    """Log what and where, never the text: PostgreSQL quotes the row in it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " ".join(f"{frame.name}:{frame.lineno}" for frame in frames[-8:])
    log.error(
        "web.database_error endpoint=%s error=%s at=%s",
        request.endpoint,
        type(error).__name__,
        where,
    )
    return problem(500, "Something went wrong here.")
