"""A front desk: signs as any Standard Webhooks library does, and sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from flask import Flask
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from tests.cast import NOW, SECRET

_numbers = count(1)

#: What an error body holds, whatever the error is.
PROBLEM_KEYS = {"type", "title", "status", "detail"}


def late(student: object = "900", **more: Any) -> dict[str, Any]:
    """Return a late check-in at 8:14; names of `data` and of the event both work."""
    data = {"student_id": student, "school_number": "1817", "reason": "Bus late"}
    event = {"type": "student.late_check_in", "timestamp": "2026-11-23T08:14:05-06:00"}
    for name, value in more.items():
        (event if name in {"type", "timestamp", "id"} else data)[name] = value
    return {**event, "data": data}


def early(student: object = "900", **more: Any) -> dict[str, Any]:
    """Return an early check-out at 8:14."""
    return late(student, **{"type": "student.early_check_out", **more})


def batch(*events: object) -> dict[str, Any]:
    """Return many events as one body."""
    return {
        "type": "student.events",
        "timestamp": NOW.isoformat(),
        "data": {"events": list(events)},
    }


def sign(
    body: bytes, event_id: str, at: datetime = NOW, secret: str = SECRET
) -> dict[str, str]:
    """Return the three headers of a signed request."""
    at = at.astimezone(UTC)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, at, body.decode()),
    }


@dataclass
class Desk:
    """One kiosk's sending side."""

    app: Flask
    kiosk: str = "ksk_oakwood"
    secret: str = SECRET
    clock: list[datetime] = field(default_factory=lambda: [NOW])

    def send(
        self,
        payload: object,
        event_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Send one payload, signed now; `headers` win over the signed ones."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signed = sign(body, event_id or self.new_id(), self.clock[0], self.secret)
        return self.post(body, {**signed, **(headers or {})})

    def post(self, body: bytes, headers: Mapping[str, str]) -> TestResponse:
        """Send these bytes and headers as they are."""
        return self.app.test_client().post(
            f"/webhooks/kiosks/{self.kiosk}/events",
            data=body,
            headers=dict(headers),
            content_type="application/json",
        )

    def results(self, payload: object, event_id: str | None = None) -> Any:
        """Send; return the results of a 202."""
        answer = self.send(payload, event_id)
        assert answer.status_code == 202, answer.text
        return answer.get_json()["results"]

    def result(self, payload: object, event_id: str | None = None) -> Any:
        """Send one event; return its result."""
        (result,) = self.results(payload, event_id)
        return result

    def set_clock(self, moment: datetime) -> None:
        """Let the server's and the desk's clock show `moment`."""
        self.clock[0] = moment

    @staticmethod
    def new_id() -> str:
        """Return an id that no event had."""
        return f"evt_{next(_numbers)}"
