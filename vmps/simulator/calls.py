"""One call to the simulator, as its endpoints see it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote_plus

# a comparison that the client left unencoded: the values alone are encoded then
PLAIN_COMPARISON = re.compile(r"==|=(?:gt|ge|lt|le)=")


@dataclass(frozen=True)
class Call:
    """A request taken apart: nothing here touches the network."""

    method: str
    path: str
    origin: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    match: Mapping[str, str] = field(default_factory=dict)
    refuses_last: bool = False  # of a write's records: a fault

    @cached_property
    def raw_query(self) -> dict[str, str]:
        """Query parameters as received, still percent-encoded."""
        pairs = (part.partition("=") for part in self.query_string.split("&"))
        return {unquote_plus(name): value for name, _, value in pairs if name}

    def parameter(self, name: str) -> str | None:
        """Return one query parameter decoded, None when it was not sent."""
        value = self.raw_query.get(name)
        return None if value is None else unquote_plus(value)

    def criteria(self) -> list[str]:
        """Split `q` at its semicolons, encoded as a whole or value by value."""
        raw = self.raw_query.get("q", "")
        if PLAIN_COMPARISON.search(raw):
            parts = [unquote_plus(part) for part in raw.split(";")]
        else:
            parts = unquote_plus(raw).split(";")
        return [part for part in parts if part]
