"""How long PowerSchool asks us to wait."""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_SECONDS = 3600.0
TOO_MANY = "too many requests"
THROTTLE_STATUSES = frozenset({429, 503, 509})
DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|min|minutes?)\b", re.I
)


def is_throttle(status: int, message: str) -> bool:
    """PowerSchool's own status for it is not documented, its wording is."""
    return status in THROTTLE_STATUSES or TOO_MANY in message.lower()


def is_about_pace(status: int, message: str) -> bool:
    """A 503 that says nothing of requests is a server that is down for a while."""
    return status != 503 or TOO_MANY in message.lower()


def retry_after(header: str | None, message: str, now: datetime) -> float | None:
    """Seconds to wait, from Retry-After (number or date) or the message; capped."""
    seconds = _from_header(header.strip(), now) if header else None
    if seconds is None:
        seconds = _from_message(message)
    if seconds is None or math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)


def _from_header(header: str, now: datetime) -> float | None:
    try:
        return float(header)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()


def _from_message(message: str) -> float | None:
    found = DURATION.search(message)
    if not found:
        return None
    amount, unit = float(found[1]), found[2].lower()
    if unit.startswith("mil") or unit == "ms":
        return amount / 1000
    return amount * 60 if unit.startswith("min") else amount
