"""What an answer means: the JSON of a good one, a typed error for all others."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from vmps.powerschool.envelopes import storable
from vmps.powerschool.errors import (
    VIEW_ONLY,
    FieldGrant,
    FieldsNotGranted,
    MalformedAnswer,
    NotFound,
    PowerSchoolError,
    Rejected,
    ServerError,
    Throttled,
    TokenRefused,
    UnexpectedRedirect,
    V1AccessMissing,
)
from vmps.powerschool.throttling import is_about_pace, is_throttle, retry_after
from vmps.powerschool.transport import Answer

EXCERPT_LENGTH = 500
TRY_LATER = frozenset({408, 425})
SECRET_TEXT = re.compile(
    r'((?:access_token|client_secret)[\\"\s]*[:=][\\"\s]*|Bearer\s+|Basic\s+)'
    r'(?!realm|error)[^\s"\\&,}]+',
    re.I,
)


def payload_of(answer: Answer, access: str = VIEW_ONLY) -> Any:
    """The parsed JSON of a 2xx answer; anything else is raised as its error.

    `access` is what the fields need that a 403 may name.
    """
    if not 200 <= answer.status < 300:
        raise error_of(answer, access)
    try:
        payload = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise _malformed(answer, "The answer is not JSON.") from error
    has_message = isinstance(payload, dict) and "message" in payload
    if has_message and is_throttle(answer.status, message_of(payload)):
        raise _throttled(answer, payload)
    return payload


def error_of(answer: Answer, access: str = VIEW_ONLY) -> PowerSchoolError:
    """The typed error for an answer that is not 2xx."""
    payload = _lenient_json(answer)
    status = answer.status
    if is_throttle(status, message_of(payload) or excerpt_of(answer)):
        return _throttled(answer, payload)
    if status < 400:
        text = "PowerSchool redirects elsewhere; check the PowerSchool URL."
        return _error(UnexpectedRedirect, answer, text)
    if status >= 500 or status in TRY_LATER:
        return _error(ServerError, answer, _said(answer, payload))
    if status in {401, 403, 404}:
        return _refusal(answer, payload, access)
    if is_html(answer):
        return _malformed(answer, f"A web page came with status {status}.")
    return _error(Rejected, answer, _said(answer, payload))


def _refusal(answer: Answer, payload: Any, access: str) -> PowerSchoolError:
    said = _said(answer, payload)
    if lacks_v1_access(answer):
        text = "The plugin lacks accessLevelV1Api READ."
        return _error(V1AccessMissing, answer, text)
    if answer.status == 401:
        return _error(TokenRefused, answer, said)
    if answer.status == 404:
        return _error(NotFound, answer, said)
    if is_html(answer):  # a firewall in front, not PowerSchool's own 403
        return _malformed(answer, "A web page came with status 403.")
    return FieldsNotGranted(
        said,
        status=answer.status,
        excerpt=excerpt_of(answer),
        fields=_fields(payload, access),
    )


def lacks_v1_access(answer: Answer) -> bool:
    """A token is fine here, so fetching another would not help."""
    return answer.status in {401, 403} and b"accessLevelV1Api" in answer.body


def is_html(answer: Answer) -> bool:
    start = answer.body[:200].lstrip().lower()
    kind = answer.headers.get("Content-Type", "").lower()
    return "html" in kind or start.startswith((b"<!doctype html", b"<html"))


def message_of(payload: Any) -> str:
    """PowerSchool's own words, wherever this family of its API puts them."""
    if not isinstance(payload, dict):
        return ""
    for key in ("message", "errorMessage", "error_description", "error"):
        value = payload.get(key)
        if isinstance(value, dict):
            value = value.get("message")
        if isinstance(value, str) and value:
            return value
    return ""


def excerpt_of(answer: Answer) -> str:
    """The start of the body on one line, without tokens and secrets."""
    text = answer.body[:65536].decode("utf-8", "replace")
    return cleaned(text, answer.secrets)


def cleaned(text: str, secrets: tuple[str, ...]) -> str:
    """At most 500 characters of one line, known and likely secrets masked."""
    text = storable(text)
    for secret in secrets:
        text = text.replace(secret, "[redacted]")
    text = SECRET_TEXT.sub(r"\1[redacted]", text)
    return " ".join(text.split())[:EXCERPT_LENGTH]


def _said(answer: Answer, payload: Any) -> str:
    said = message_of(payload)
    if not said:
        said = "a web page" if is_html(answer) else "no message"
    details = ", ".join(_details(payload))
    whole = f"{said} ({details})" if details else said
    return f"PowerSchool answered {answer.status}: {cleaned(whole, answer.secrets)}"


def _details(payload: Any) -> list[str]:
    return [
        f"{error.get('resource', '')}.{error.get('field', '')} {error.get('code', '')}"
        for error in _errors(payload)
    ]


def _fields(payload: Any, access: str) -> tuple[FieldGrant, ...]:
    """Return each field once: PowerSchool may name it per clause, in two spellings."""
    found = [
        FieldGrant(
            storable(str(error["resource"])), storable(str(error["field"])), access
        )
        for error in _errors(payload)
        if error.get("resource") and error.get("field")
    ]
    named: dict[tuple[str, str], FieldGrant] = {}
    for grant in found:
        named.setdefault((grant.table.lower(), grant.field.lower()), grant)
    return tuple(named.values())


def _errors(payload: Any) -> list[dict[str, Any]]:
    errors = payload.get("errors") if isinstance(payload, dict) else None
    entries = errors if isinstance(errors, list) else [errors]
    return [entry for entry in entries if isinstance(entry, dict)]


def _throttled(answer: Answer, payload: Any) -> Throttled:
    told = "" if is_html(answer) else message_of(payload) or excerpt_of(answer)
    header = answer.headers.get("Retry-After")
    return Throttled(
        _said(answer, payload),
        status=answer.status,
        excerpt=excerpt_of(answer),
        retry_after=retry_after(header, told, datetime.now(UTC)),
        came_too_soon=is_about_pace(answer.status, told),
    )


def _malformed(answer: Answer, text: str) -> MalformedAnswer:
    return MalformedAnswer(text, status=answer.status, excerpt=excerpt_of(answer))


def _error(kind: type[PowerSchoolError], answer: Answer, text: str) -> PowerSchoolError:
    return kind(text, status=answer.status, excerpt=excerpt_of(answer))


def _lenient_json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
