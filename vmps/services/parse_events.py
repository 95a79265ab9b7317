"""Reading a kiosk's JSON: every field checked, every refusal says which and why."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vmps.models import EventType
from vmps.services.accept import AcceptResult, Answer, ReportedEvent
from vmps.services.kiosk_view import KioskView, SchoolZone

BATCH_TYPE = "student.events"
MOST_EVENTS = 500
LONGEST_ID = 256
LONGEST_TEXT = 2000
OLDEST = timedelta(days=30)
MOST_AHEAD = timedelta(minutes=5)

TYPES = {f"student.{kind.value}": kind for kind in EventType}


class BadRequest(Exception):
    """The request as a whole is not one of ours."""


class BadField(Exception):
    """One field of one event cannot be used."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Report:
    """A request's events in order: read, or refused with the field that is wrong."""

    items: tuple[ReportedEvent | AcceptResult, ...]
    is_batch: bool


def parse_report(
    payload: object, *, webhook_id: str, kiosk: KioskView, now: datetime
) -> Report:
    """Return the events of a request; raise BadRequest where there are none."""
    if not isinstance(payload, dict):
        raise BadRequest("The body must be a JSON object.")
    if payload.get("type") != BATCH_TYPE:
        return Report((_read(payload, webhook_id, kiosk, now),), is_batch=False)
    data = payload.get("data")
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list) or not events:
        raise BadRequest("data.events must be a list with at least one event.")
    if len(events) > MOST_EVENTS:
        raise BadRequest(f"data.events holds more than {MOST_EVENTS} events.")
    return Report(tuple(_read_item(event, kiosk, now) for event in events), True)


def _read_item(
    event: object, kiosk: KioskView, now: datetime
) -> ReportedEvent | AcceptResult:
    if not isinstance(event, dict):
        return _refused("", BadField("event", "Each event must be a JSON object."))
    external_id = event.get("id")
    return _read(event, external_id, kiosk, now)


def _read(
    event: Mapping[str, Any], external_id: object, kiosk: KioskView, now: datetime
) -> ReportedEvent | AcceptResult:
    if not isinstance(external_id, str) or not _is_clean(external_id, LONGEST_ID):
        detail = f"Each event needs an id of 1 to {LONGEST_ID} characters."
        return _refused("", BadField("id", detail))
    try:
        return _reported(event, external_id, kiosk, now)
    except BadField as error:
        return _refused(external_id, error)


def _refused(external_id: str, error: BadField) -> AcceptResult:
    return AcceptResult(
        external_id, Answer.REJECTED, detail=error.detail, field=error.field
    )


def _reported(
    event: Mapping[str, Any], external_id: str, kiosk: KioskView, now: datetime
) -> ReportedEvent:
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise BadField("type", f"type must be one of {', '.join(TYPES)}.")
    data = event.get("data")
    if not isinstance(data, dict):
        raise BadField("data", "data must be a JSON object.")
    return ReportedEvent(
        external_id=external_id,
        type=TYPES[kind],
        occurred_at=_moment(event.get("timestamp"), now),
        student_id=_student_id(data.get("student_id")),
        school=_school(data.get("school_number"), kiosk),
        reason=_text(data, "reason"),
        note=_text(data, "note"),
        released_to=_text(data, "released_to"),
    )


def _moment(raw: object, now: datetime) -> datetime:
    text = raw if isinstance(raw, str) and raw.isprintable() else ""
    moment: datetime | None = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)  # which skips a NUL in silence
    if moment is None or moment.tzinfo is None:
        raise BadField(
            "timestamp",
            "timestamp must be a date and time with offset, "
            "like 2026-11-23T08:14:05-06:00.",
        )
    if moment > now + MOST_AHEAD:
        raise BadField(
            "timestamp",
            "timestamp is more than 5 minutes ahead: set the kiosk's clock.",
        )
    if moment < now - OLDEST:
        raise BadField("timestamp", "timestamp is more than 30 days old.")
    return moment


def _student_id(raw: object) -> str:
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(text, str) or not _is_clean(text.strip(), LONGEST_ID):
        raise BadField("data.student_id", "data.student_id must be the student's id.")
    return text.strip()


def _school(raw: object, kiosk: KioskView) -> SchoolZone:
    if raw is None and len(kiosk.schools) == 1:
        return next(iter(kiosk.schools.values()))
    is_number = isinstance(raw, str | int) and not isinstance(raw, bool)
    school = kiosk.schools.get(str(raw)) if is_number else None
    if school is None:
        raise BadField(
            "data.school_number",
            "data.school_number must be one of this kiosk's schools: "
            f"{', '.join(sorted(kiosk.schools))}.",
        )
    return school


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not _is_clean(value, LONGEST_TEXT):
        raise BadField(
            f"data.{name}",
            f"data.{name} must be text of up to {LONGEST_TEXT} characters.",
        )
    return value.strip()


def _is_clean(text: str, longest: int) -> bool:
    """Tell whether a database of either kind can hold it."""
    if not 0 < len(text) <= longest or "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
