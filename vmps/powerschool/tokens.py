"""The OAuth token: fetched by one thread, shared by all, kept until it expires."""

import copy
import json
import re
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vmps.powerschool.answers import cleaned, error_of, excerpt_of, message_of
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.errors import (
    CredentialsRefused,
    MalformedAnswer,
    NotSent,
    PowerSchoolError,
)
from vmps.powerschool.transport import Answer, Request, Transport

LARGEST_TOKEN_ANSWER = 64 * 1024
USUAL_LIFETIME_SECONDS = 3600.0
HEADER_WORD = re.compile(r"[!-~]{1,4096}")
REFUSALS = frozenset({"invalid_client", "unauthorized_client", "invalid_grant"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the plugin's Data Provider Configuration page shows."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token with the headers that carry it, built once."""

    value: str = field(repr=False)
    expires_at: float
    headers: Mapping[str, str] = field(repr=False)


class _Fetch:
    """A fetch in progress: others wait for it and share its outcome."""

    def __init__(self) -> None:
        self.is_done = threading.Event()
        self.token: Token | None = None
        self.error: PowerSchoolError | None = None


class TokenKeeper:
    """Hands out the current token.

    PowerSchool answers with the same token until it expires, so asking early gains
    nothing: a token is kept for the time PowerSchool gave it, and a refused one is
    replaced once.
    """

    def __init__(
        self, transport: Transport, credentials: Credentials, user_agent: str
    ) -> None:
        pair = f"{credentials.client_id}:{credentials.client_secret}"
        basic = b64encode(pair.encode()).decode("ascii")
        self._transport = transport
        self._user_agent = user_agent
        self._request = Request(
            method="POST",
            path="/oauth/access_token",
            headers={
                "Authorization": f"Basic {basic}",
                "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": user_agent,
            },
            body=b"grant_type=client_credentials",
            secrets=tuple(filter(None, (credentials.client_secret, basic))),
            largest_answer=LARGEST_TOKEN_ANSWER,
        )
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._fetch: _Fetch | None = None

    def current(self, deadline: Deadline) -> Token:
        """The token to use now; the usual case takes no lock."""
        token = self._token
        if token is not None and time.monotonic() < token.expires_at:
            return token
        return self._replace(token, deadline)

    def renewed(self, refused: Token, deadline: Deadline) -> Token:
        """Another token than the refused one, unless PowerSchool has none."""
        return self._replace(refused, deadline)

    def _replace(self, stale: Token | None, deadline: Deadline) -> Token:
        while True:
            with self._lock:
                if self._token is not None and self._token is not stale:
                    return self._token
                fetch, is_ours = self._fetch, self._fetch is None
                if fetch is None:
                    fetch = self._fetch = _Fetch()
            if is_ours:
                return self._run(fetch, deadline)
            if not fetch.is_done.wait(deadline.remaining()):
                raise NotSent("No time was left to wait for a token.")
            if fetch.token is not None:
                return fetch.token
            if fetch.error is not None:
                raise copy.copy(fetch.error)

    def _run(self, fetch: _Fetch, deadline: Deadline) -> Token:
        try:
            fetch.token = self._ask(deadline)
        except PowerSchoolError as error:
            error.is_ambiguous = False
            # Out of our own time says nothing to those who have more: they try.
            fetch.error = None if deadline.is_over else error
            raise
        finally:
            with self._lock:
                self._token = fetch.token or self._token
                self._fetch = None
            fetch.is_done.set()
        return fetch.token

    def _ask(self, deadline: Deadline) -> Token:
        started_at = time.monotonic()
        answer = self._transport.send(self._request, deadline)
        payload = _parsed(answer)
        if 200 <= answer.status < 300:
            value = payload.get("access_token")
            if isinstance(value, str) and HEADER_WORD.fullmatch(value):
                lifetime = _lifetime(payload.get("expires_in"))
                return Token(value, started_at + lifetime, self._headers(value))
            raise MalformedAnswer(
                "What answers there gave no access token: it may not be PowerSchool.",
                status=answer.status,
                excerpt=excerpt_of(answer),
            )
        if answer.status == 401 or payload.get("error") in REFUSALS:
            raise _credentials_refused(answer, payload)
        raise error_of(answer)

    def _headers(self, value: str) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {value}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": self._user_agent,
        }


def _credentials_refused(answer: Answer, payload: dict[str, Any]) -> CredentialsRefused:
    said = cleaned(message_of(payload), answer.secrets) or "no message"
    return CredentialsRefused(
        "PowerSchool refused the client id and secret, or the plugin is not"
        f" enabled: {said}",
        status=answer.status,
        excerpt=excerpt_of(answer),
    )


def _parsed(answer: Answer) -> dict[str, Any]:
    try:
        payload = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _lifetime(expires_in: Any) -> float:
    try:
        return max(0.0, min(float(expires_in), 365 * 86400.0))
    except (TypeError, ValueError):
        return USUAL_LIFETIME_SECONDS
