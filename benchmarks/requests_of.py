"""Requests as bytes to come: signed kiosk events and plain hellos."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook

from benchmarks.district import KIOSK, REASON, SECRET
from vmps.clock import utcnow

PATH = f"/webhooks/kiosks/{KIOSK}/events"
HELLO = "GET / HTTP/1.1\r\nHost: benchmark\r\nAccept: */*\r\n\r\n"

_webhook = Webhook(SECRET)


def single_requests(students: Sequence[dict[str, Any]]) -> list[str]:
    """Return a signed request with one event for each student."""
    now = utcnow()
    return [
        _signed(f"event-{student['dcid']}", _event(student, now), now)
        for student in students
    ]


def flush_requests(students: Sequence[dict[str, Any]], size: int) -> list[str]:
    """Return signed requests with `size` events each."""
    now = utcnow()
    requests = []
    for start in range(0, len(students), size):
        events = [
            {"id": f"event-{student['dcid']}", **_event(student, now)}
            for student in students[start : start + size]
        ]
        batch = {
            "type": "student.events",
            "timestamp": now.isoformat(),
            "data": {"events": events},
        }
        requests.append(_signed(f"flush-{students[start]['dcid']}", batch, now))
    return requests


def _event(student: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "type": "student.late_check_in",
        "timestamp": now.isoformat(timespec="seconds"),
        "data": {
            "student_id": str(student["dcid"]),
            "school_number": student["school_number"],
            "reason": REASON,
        },
    }


def _signed(webhook_id: str, content: dict[str, Any], now: datetime) -> str:
    body = json.dumps(content)
    lines = (
        f"POST {PATH} HTTP/1.1",
        "Host: benchmark",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"webhook-id: {webhook_id}",
        f"webhook-timestamp: {int(now.timestamp())}",
        f"webhook-signature: {_webhook.sign(webhook_id, now, body)}",
        "",
        body,
    )
    return "\r\n".join(lines)
