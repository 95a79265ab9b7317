"""Errors to HTTP, once for all routes."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from vmps.web.problems import problem


def init_app(app: Flask) -> None:
    """Answer every error as a problem document."""
    app.register_error_handler(HTTPException, _answer)


def _answer(error: HTTPException) -> Response:
    status = error.code or 500
    detail = "Something went wrong here." if status >= 500 else error.description or ""
    return problem(status, detail)
