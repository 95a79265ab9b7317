"""The kiosk webhook: signed events in, an answer for each out. A published contract."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from vmps.clock import Clock
from vmps.db import UNAVAILABLE, drop_connection
from vmps.secrets import SecretUnreadable
from vmps.services.accept import AcceptResult, Answer, ReportedEvent, accept_events
from vmps.services.kiosk_view import KioskView, KioskViews
from vmps.services.parse_events import BadRequest, Report, parse_report
from vmps.services.rate import RateLimit
from vmps.services.signatures import BadSignature, check_signature
from vmps.web.access import public
from vmps.web.problems import problem

log = logging.getLogger(__name__)
bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")

LARGEST_BODY = 256 * 1024
RETRY_SECONDS = "2"


class Door:
    """What the webhook's requests share in one process."""

    def __init__(self, *, clock: Clock, keep_seconds: float, per_second: float) -> None:
        self.clock = clock
        self.kiosks = KioskViews(keep_seconds)
        self.rate = RateLimit(per_second)


def init_app(app: Flask, *, clock: Clock) -> None:
    """Open the door for kiosks."""
    settings = app.extensions["vmps.settings"]
    app.extensions["vmps.door"] = Door(
        clock=clock,
        keep_seconds=settings.kiosk_cache_seconds,
        per_second=settings.kiosk_requests_per_second,
    )
    app.register_blueprint(bp)


@bp.post("/kiosks/<kiosk_id>/events")
@public
def receive(kiosk_id: str) -> ResponseReturnValue:
    """Accept one event or up to 500; 202 means that they are in the database."""
    door: Door = current_app.extensions["vmps.door"]
    if not request.is_json:
        return problem(415, "Send the event as application/json.")
    body = _read_body()
    if body is None:
        return problem(413, "The body may hold up to 256 KB.")
    try:
        kiosk = _authenticate(door, kiosk_id, body)
        if not door.rate.allows(kiosk.id, time.monotonic()):
            return problem(429, "Too many requests.", headers={"Retry-After": "1"})
        return _accept(door, kiosk, body)
    except BadSignature as error:
        return problem(401, str(error))
    except BadRequest as error:
        return problem(400, str(error))
    except (SecretUnreadable, *UNAVAILABLE) as error:
        drop_connection()
        log.error("door.not_stored error=%s", type(error).__name__)
        return problem(
            503,
            "The event was not stored: send it again.",
            headers={"Retry-After": RETRY_SECONDS},
        )


def _read_body() -> bytes | None:
    """Return the body, or None if it is too large.

    A chunked body is cut at the limit in silence: so one byte more is asked for.
    """
    if (request.content_length or 0) > LARGEST_BODY:
        return None
    request.max_content_length = LARGEST_BODY + 1
    body = request.get_data()
    return body if len(body) <= LARGEST_BODY else None


def _authenticate(door: Door, kiosk_id: str, body: bytes) -> KioskView:
    kiosk = door.kiosks.find(kiosk_id)
    if kiosk is None or kiosk.is_disabled:
        raise BadSignature("No live kiosk has this address.")
    now = door.clock()
    check_signature(
        body,
        webhook_id=request.headers.get("webhook-id", ""),
        timestamp=request.headers.get("webhook-timestamp", ""),
        signature=request.headers.get("webhook-signature", ""),
        secrets=kiosk.live_secrets(now),
        now=now,
    )
    return kiosk


def _accept(door: Door, kiosk: KioskView, body: bytes) -> ResponseReturnValue:
    now = door.clock()
    report = parse_report(
        _json(body),
        webhook_id=request.headers["webhook-id"],
        kiosk=kiosk,
        now=now,
    )
    events = [item for item in report.items if isinstance(item, ReportedEvent)]
    stored = iter(accept_events(kiosk, events, now=now) if events else ())
    results = [
        next(stored) if isinstance(item, ReportedEvent) else item
        for item in report.items
    ]
    return _respond(report, results)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None


def _respond(report: Report, results: list[AcceptResult]) -> ResponseReturnValue:
    first = results[0]
    if not report.is_batch and first.answer is Answer.REJECTED:
        return problem(422, first.detail, field=first.field)
    status = 202
    if not report.is_batch and first.answer is Answer.CONFLICT:
        status = 409
    body = json.dumps({"results": [_as_json(result) for result in results]})
    return Response(body, status, content_type="application/json")


def _as_json(result: AcceptResult) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": result.external_id or None,
        "status": result.answer.value,
    }
    if result.event is not None:
        shown["event"] = result.event
    if result.detail:
        shown["detail"] = result.detail
    if result.field:
        shown["field"] = result.field
    return shown
