"""Standard Webhooks signatures: the raw bytes, two live secrets, our own clock."""

# The library makes the signature; its `verify` raises other errors on malformed input
# and knows no clock but its own, so the comparing is done here.

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from standardwebhooks import Webhook

TOLERANCE_SECONDS = 300


class BadSignature(Exception):
    """The request cannot be shown to come from the kiosk; the message says why."""


def check_signature(
    body: bytes,
    *,
    webhook_id: str,
    timestamp: str,
    signature: str,
    secrets: Iterable[str],
    now: datetime,
) -> None:
    """Raise BadSignature unless one live secret signed exactly this request."""
    if not (webhook_id and timestamp and signature):
        raise BadSignature(
            "webhook-id, webhook-timestamp and webhook-signature are needed."
        )
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        raise BadSignature("webhook-timestamp must be whole seconds.")
    signed_at = datetime.fromtimestamp(int(timestamp), UTC)
    if abs((now - signed_at).total_seconds()) > TOLERANCE_SECONDS:
        raise BadSignature("webhook-timestamp is more than 5 minutes off.")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadSignature("The body is not UTF-8.") from None
    given = [part.encode() for part in signature.split(" ")]
    for secret in secrets:
        expected = _webhook(secret).sign(webhook_id, signed_at, text).encode()
        if any(hmac.compare_digest(expected, part) for part in given):
            return
    raise BadSignature("No signature matches.")


@lru_cache(maxsize=256)
def _webhook(secret: str) -> Webhook:
    """Return the library's object for a secret, decoded once."""
    return Webhook(secret)
