"""Answers and refusals: what an endpoint gives back, before it is put on the wire."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

JSON_TYPE = "application/json;charset=UTF-8"
compact_json = json.JSONEncoder(separators=(",", ":")).encode  # built once: faster


@dataclass(frozen=True)
class Answer:
    """A status with a JSON body, or with ready bytes of another type."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE

    def body_bytes(self) -> bytes:
        """Render the body; None is an empty body, bytes and text are left alone."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return compact_json(self.body).encode()

    def all_headers(self) -> dict[str, str]:
        """Return the headers with the content type."""
        return {"Content-Type": self.content_type, **self.headers}


class Refusal(Exception):
    """An endpoint's refusal, which the server turns into its answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refusal(
    status: int, message: str, errors: Iterable[Mapping[str, str]] = ()
) -> Refusal:
    """Build a refusal with PowerSchool's message, and `errors` where there are any."""
    body: dict[str, object] = {"message": message}
    if listed := list(errors):
        body["errors"] = listed
    return Refusal(Answer(status, body))


def no_access(columns: Iterable[tuple[str, str]]) -> Refusal:
    """Build the 403 for (table, field) pairs that the plugin was not granted."""
    errors = [
        {"code": "NoAccess", "field": field, "resource": table}
        for table, field in columns
    ]
    return refusal(403, "At least one column lacks sufficient permission", errors)
