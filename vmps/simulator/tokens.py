"""The plugin's access token: one, stable until it expires or is revoked."""

import base64
import binascii
import time
import uuid
from typing import Any

from vmps.simulator.answers import Answer, Refusal

CHALLENGE = (
    'Bearer error="invalid_token",realm="PowerSchool",'
    'error_description="The access token has expired"'
)


class Tokens:
    """Issues the token and knows whether a bearer is still good."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.expires_at = 0.0

    def issue(self, lifetime_seconds: float) -> Answer:
        """Answer the current token with what is left of it, or a new one."""
        now = time.time()
        if self.token is None or now >= self.expires_at:
            self.token = str(uuid.uuid4())
            self.expires_at = now + lifetime_seconds
        remaining = int(self.expires_at - now)
        return Answer(
            200,
            {
                "access_token": self.token,
                "token_type": "Bearer",
                "expires_in": str(remaining),
            },
        )

    def revoke(self) -> None:
        """Refuse the current bearer from now on."""
        self.token = None

    def is_good(self, authorization: str | None) -> bool:
        """Tell whether an Authorization header carries the current token."""
        if self.token is None or time.time() >= self.expires_at:
            return False
        return authorization == f"Bearer {self.token}"

    def state(self) -> dict[str, Any]:
        """Return what has to survive a restart."""
        return {"token": self.token, "expires_at": self.expires_at}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up the token of an earlier run."""
        self.token = state["token"]
        self.expires_at = state["expires_at"]


def invalid_token() -> Refusal:
    """Build the 401 of a resource: everything is in the header, the body is empty."""
    return Refusal(Answer(401, None, {"WWW-Authenticate": CHALLENGE}))


def invalid_client() -> Refusal:
    """Build the 401 of the token endpoint."""
    body = {
        "error": "invalid_client",
        "error_description": "Client authentication failed",
    }
    return Refusal(Answer(401, body))


def basic_credentials(authorization: str | None) -> tuple[str, str] | None:
    """Read client id and secret from a Basic header; None when there is none."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ("", "")
    client_id, _, secret = text.partition(":")
    return client_id, secret
