"""The base URL as an admin types it: syntax only, nothing is looked up."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
STRAY = re.compile(r"[\\\s\x00-\x1f\x7f]")  # urlsplit would drop or misplace them
HOST_NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*\.?")


class BadAddress(ValueError):
    """The URL is not an origin; `corrected` is what was probably meant."""

    def __init__(self, message: str, corrected: str | None = None) -> None:
        super().__init__(message)
        self.corrected = corrected


def check_origin(url: str, *, allow_plain_http: bool) -> str:
    """Return the origin in its normal form, or raise BadAddress with the fix."""
    given = url.strip()
    text = given if "://" in given else f"https://{given}"
    try:
        if STRAY.search(given):
            raise ValueError("no address holds these")
        parts = urlsplit(text)
        host = _host(parts)
        port = parts.port
    except ValueError as error:
        raise BadAddress(
            "This is not a web address. It should look like"
            " https://district.powerschool.com"
        ) from error
    is_plain = parts.scheme == "http" and allow_plain_http
    scheme = "http" if is_plain else "https"
    shown_port = "" if port in {None, DEFAULT_PORTS[scheme]} else f":{port}"
    if parts.scheme == "http" and port == DEFAULT_PORTS["http"]:
        shown_port = ""
    corrected = f"{scheme}://{host}{shown_port}"
    _refuse_extras(given, parts, corrected)
    return corrected


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if "%" in host:
        raise ValueError("a zone is this machine's own")
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    ascii_host = host.encode("idna").decode("ascii") if host else ""
    if len(ascii_host) > 253 or not HOST_NAME.fullmatch(ascii_host):
        raise ValueError("no host")
    if parts.port == 0:
        raise ValueError("no such port")
    return ascii_host.rstrip(".")


def _refuse_extras(given: str, parts: SplitResult, corrected: str) -> None:
    scheme = corrected.partition("://")[0]
    reason = None
    if "://" not in given:
        reason = "The address must start with https://"
    elif parts.scheme != scheme:
        reason = f"The address must start with {scheme}://, not {parts.scheme}://"
    elif parts.username is not None or parts.password is not None:
        reason = "The address must not hold a user name or a password"
    elif parts.path == "/" and not parts.query and not parts.fragment:
        reason = "The address must not end with a slash"
    elif parts.path or parts.query or parts.fragment or given.endswith(("?", "#")):
        reason = "The address must end after the host name, without a path"
    if reason:
        raise BadAddress(f"{reason}. Use {corrected}", corrected)
