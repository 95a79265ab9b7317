"""The steps of a connection test: how each went, and its fix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class StepStatus(StrEnum):
    """How one step went; a warning does not stop deliveries."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class StepName(StrEnum):
    """The links of the chain, in order; commands print the values."""

    REACH = "reach"
    TOKEN = "token"  # noqa: S105 a step's name
    PLUGIN = "plugin"
    FIELDS = "fields"
    CODES = "attendance codes"
    CALENDAR = "calendar"
    STUDENTS = "students"
    ATTENDANCE = "attendance"
    VERSION = "version"
    TIME_ZONE = "time zone"

    @property
    def label(self) -> str:
        """Return the words people read on a page."""
        return _LABELS.get(self, self.value.capitalize())


_LABELS = {
    StepName.REACH: "Reach PowerSchool",
    StepName.TOKEN: "Client ID and Client Secret",
    StepName.FIELDS: "What the plugin may read",
    StepName.CALENDAR: "School calendar",
    StepName.VERSION: "PowerSchool version",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain from us to the district's attendance.

    `plugin_lines` are missing from the plugin, ready to be copied into it.
    """

    name: StepName
    status: StepStatus
    message: str
    fix: str = ""
    plugin_lines: str = ""

    @property
    def label(self) -> str:
        """Return the step's name as people read it."""
        return self.name.label


def ok(name: StepName, message: str) -> Step:
    """Return a step that went well."""
    return Step(name, StepStatus.OK, message)


def compare_zones(ours: str, theirs: str | None, now: datetime) -> Step:
    """Same clock, by whatever name, in winter and in summer."""
    try:
        zones = (ZoneInfo(ours), ZoneInfo(theirs or ""))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ok(StepName.TIME_ZONE, f"{ours}; PowerSchool names none that is known")
    moments = [now.replace(month=month, day=1) for month in (1, 7)]
    if all(len({m.astimezone(z).utcoffset() for z in zones}) == 1 for m in moments):
        return ok(StepName.TIME_ZONE, ours)
    return Step(
        StepName.TIME_ZONE,
        StepStatus.WARNING,
        f"PowerSchool's is {theirs}, the district's is {ours}",
        "Make them the same, or times and dates in PowerSchool will be off.",
    )
