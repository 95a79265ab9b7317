"""Errors as problem+json (RFC 9457): what is wrong and in which field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response


def problem(
    status: int,
    detail: str,
    *,
    field: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document; it holds no name, secret or path of ours."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if field:
        body["field"] = field
    return Response(
        json.dumps(body),
        status,
        headers=dict(headers or {}),
        content_type="application/problem+json",
    )
