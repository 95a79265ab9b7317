"""Settings of the simulated PowerSchool that a test may turn while it runs."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Self
from zoneinfo import ZoneInfo

CHOICES: dict[str, tuple[object, ...]] = {
    "throttle_status": (429, 503, 509),
    "accessLevelV1Api": ("NONE", "READ", "FULL"),
    "empty_record": ("absent", "empty", "alternate"),
    "collapse_single": ("never", "always", "sometimes"),
    "batch_semantics": ("all_or_nothing", "partial"),
}
SIGNED = frozenset({"clock_skew_seconds"})


@dataclass(frozen=True)
class Settings:
    """One immutable set of settings; a change makes another."""

    latency_ms: float = 0
    min_interval_ms: float = 0
    throttle_status: int = 509
    throttle_retry_after: bool = False
    version: str = "25.3.0.0"
    page_size: int = 100
    plugin_enabled: bool = True
    accessLevelV1Api: str = "NONE"  # spelled as in plugin.xml
    empty_record: str = "alternate"
    collapse_single: str = "never"
    batch_semantics: str = "all_or_nothing"
    token_lifetime_seconds: float = 30 * 24 * 3600
    clock_skew_seconds: float = 0  # how far its clock is ahead, or behind
    district_timezone: str = ""  # other than the seed's, in metadata
    template_has_ccid: bool = True  # and the other columns nobody has confirmed
    missing_queries: list[str] = field(default_factory=list)  # full or last names

    def changed(self, changes: dict[str, Any]) -> Self:
        """Return these settings with some changed; ValueError names a bad one."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, value in changes.items():
            if name not in kinds:
                raise ValueError(f"unknown setting {name}")
            if name in CHOICES and value not in CHOICES[name]:
                raise ValueError(f"{name} is one of {CHOICES[name]}")
            if name == "district_timezone" and value:
                ZoneInfo(str(value))  # KeyError or ValueError when there is none
            if not _fits(value, kinds[name], is_signed=name in SIGNED):
                raise ValueError(f"{name} cannot be {value!r}")
        return replace(self, **changes)

    def is_at_least(self, major: int, minor: int) -> bool:
        """Tell whether the simulated version is this one or newer."""
        parts = [int(part) for part in self.version.split(".")[:2]]
        return parts >= [major, minor]


def _fits(value: object, kind: type, *, is_signed: bool) -> bool:
    if kind in (int, float):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and (is_signed or float(str(value)) >= 0)
    return isinstance(value, kind)
