"""Faults: what is to go wrong, on which calls, how often, and what it hit."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a fault does to a call."""

    STATUS = "status"
    HTML_PAGE = "html_page"
    HTML_503 = "html_503"
    WRONG_TYPE = "wrong_type"
    HUGE_BODY = "huge_body"
    REDIRECT = "redirect"
    BLACK_HOLE = "black_hole"
    RESET_BEFORE = "reset_before"
    RESET_AFTER_WRITE = "reset_after_write"
    COMMIT_THEN_TIMEOUT = "commit_then_timeout"
    LATE_COMMIT = "late_commit"
    SLOW_DRIP = "slow_drip"
    DRIP_HEADERS = "drip_headers"
    TRUNCATED_JSON = "truncated_json"
    PARTLY_WRITTEN = "partly_written"  # a write's last record is refused, no other


COMMITTING = frozenset(
    {
        Kind.RESET_AFTER_WRITE,
        Kind.COMMIT_THEN_TIMEOUT,
        Kind.LATE_COMMIT,
        Kind.SLOW_DRIP,
        Kind.DRIP_HEADERS,
        Kind.TRUNCATED_JSON,
        Kind.PARTLY_WRITTEN,
    }
)
GROUPS = ("any", "token", "read", "write")


@dataclass
class Fault:
    """One fault as asked for, and what became of it."""

    kind: Kind
    on: str = "any"
    times: int | None = None  # every time
    skip: int = 0
    seconds: float = 10
    status: int = 500
    commit: bool | None = None  # as the kind does
    fired: int = 0
    skipped: int = 0
    journal: list[int] = field(default_factory=list)

    @classmethod
    def from_json(cls, asked: dict[str, Any]) -> Self:
        """Read one fault; ValueError says what is wrong with it."""
        known = {item.name for item in fields(cls)} - {"fired", "skipped", "journal"}
        if unknown := asked.keys() - known:
            raise ValueError(f"unknown in a fault: {sorted(unknown)}")
        fault = cls(**{**asked, "kind": Kind(asked.get("kind", ""))})
        if fault.on not in GROUPS and not fault.on.startswith("/"):
            raise ValueError(f"a fault is on one of {GROUPS} or on a path")
        return fault

    @property
    def commits(self) -> bool:
        """Tell whether the call is processed although it goes wrong."""
        return self.kind in COMMITTING if self.commit is None else self.commit

    def is_on(self, group: str, path: str) -> bool:
        """Tell whether a call is one of those that go wrong."""
        return self.on in ("any", group) or (
            self.on.startswith("/") and path.startswith(self.on)
        )

    def as_json(self) -> dict[str, Any]:
        """Return the fault with what it hit."""
        return asdict(self)


class Faults:
    """The list of faults; the first that wants a call gets it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def replace(self, asked: Iterable[dict[str, Any]]) -> None:
        """Take another list of faults."""
        self.faults = [Fault.from_json(fault) for fault in asked]

    def take(self, group: str, path: str) -> Fault | None:
        """Return the fault that hits this call, counted; None when all is well."""
        for fault in self.faults:
            if not fault.is_on(group, path):
                continue
            if fault.skipped < fault.skip:
                fault.skipped += 1
                continue
            if fault.times is None or fault.fired < fault.times:
                fault.fired += 1
                return fault
        return None
