"""What a person says of a connection, and what is wrong with it by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from vmps.models import RosterId, VisibleId
from vmps.powerschool import (
    AddressRefused,
    BadAddress,
    NetworkPolicy,
    PowerSchoolError,
)
from vmps.powerschool.addresses import resolve
from vmps.services.page_calls import Crowded, place_for_call
from vmps.services.problems import Invalid

RESOLVE_SECONDS = 3.0

#: What PowerSchool makes has letters, digits and dashes; spaces are slips of a copy.
_PLAIN = re.compile(r"[!-~]{1,500}")
_MISCOPIED = "Copy the {} from PowerSchool again: it has no spaces or odd signs."

_PUBLIC = "Use the https address that PowerSchool has on the Internet."


@dataclass(frozen=True, slots=True)
class ConnectionForm:
    """What a person says of a connection; None keeps what is saved."""

    url: str
    client_id: str
    client_secret: str | None = field(repr=False)
    roster_id: RosterId | None = None
    visible_id: VisibleId | None = None
    #: The version that the person looked at, empty when there was none to look at.
    seen_version: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """The form looked over: trimmed values, and the problems by field."""

    origin: str
    client_id: str
    client_secret: str | None = field(repr=False)
    problems: dict[str, str]
    corrected: str | None


def look_over(form: ConnectionForm, allowed_networks: Sequence[str]) -> Findings:
    """Return what would be saved; asks the host's address, so not in a transaction."""
    problems, origin, corrected = {}, "", None
    try:
        origin = check_url(form.url, allowed_networks)
    except Invalid as invalid:
        problems.update(invalid.fields)
        corrected = invalid.corrected
    client_id = form.client_id.strip()
    if not _PLAIN.fullmatch(client_id):
        missing = "Enter the Client ID."
        odd = _MISCOPIED.format("Client ID")
        problems["client_id"] = odd if client_id else missing
    secret = None if form.client_secret is None else form.client_secret.strip()
    if secret is not None and not _PLAIN.fullmatch(secret):
        odd = _MISCOPIED.format("Client Secret")
        problems["client_secret"] = odd if secret else "Enter the Client Secret."
    return Findings(origin or corrected or "", client_id, secret, problems, corrected)


def check_url(url: str, allowed_networks: Sequence[str]) -> str:
    """Return the origin; private or plain http only where the operator listed it."""
    policy = NetworkPolicy(
        allowed_networks=tuple(allowed_networks),
        allow_plain_http=bool(allowed_networks),
    )
    if not url.strip():
        raise Invalid({"url": "Enter the PowerSchool URL."})
    try:
        origin = policy.check_origin(url)
    except BadAddress as error:
        raise Invalid({"url": str(error)}, corrected=error.corrected) from error
    _vet(origin, policy)
    return origin


def _vet(origin: str, policy: NetworkPolicy) -> None:
    """Refuse what every call would: here it can be corrected at once.

    A name that cannot be looked up just now may be saved, unless it is plain http.
    """
    parts = urlsplit(origin)
    is_plain = parts.scheme == "http"
    host, port = parts.hostname or "", parts.port or (80 if is_plain else 443)
    try:
        with place_for_call():
            found = resolve(host, port, RESOLVE_SECONDS)
        policy.vet(found, is_plain=is_plain)
    except AddressRefused as error:
        raise Invalid({"url": f"{error} {_PUBLIC}"}) from error
    except Crowded as error:
        raise Invalid({"url": str(error)}) from error
    except PowerSchoolError as error:
        if is_plain:
            raise Invalid({"url": str(error)}) from error
