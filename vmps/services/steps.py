"""The steps of a connection test: how each went, and its fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from vmps.words import count_of


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
    LISTED = "many students"
    ATTENDANCE = "attendance"
    CLASSES = "classes"
    VERSION = "version"
    ROSTER_ID = "roster id"
    TIME_ZONE = "time zone"
    CLOCK = "clock"

    @property
    def label(self) -> str:
        """Return the words people read on a page."""
        return _LABELS.get(self, self.value.capitalize())


_LABELS = {
    StepName.REACH: "Reach PowerSchool",
    StepName.TOKEN: "Client ID and Client Secret",
    StepName.FIELDS: "What the plugin may use",
    StepName.CALENDAR: "School calendar",
    StepName.LISTED: "Many students at once",
    StepName.CLASSES: "Classes of a student",
    StepName.VERSION: "PowerSchool version",
    StepName.ROSTER_ID: "SIS ID of your roster",
    StepName.CLOCK: "PowerSchool's clock",
}

#: A whole test ends with this one.
LAST = StepName.CLOCK


@dataclass(frozen=True, slots=True)
class Lack:
    """A field that the plugin may not use: its line, and which uses wait for it."""

    line: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain from us to the district's attendance.

    `lacks` are missing from the plugin; `modes` are the attendance modes that the step
    is about, none for all of them.
    """

    name: StepName
    status: StepStatus
    message: str
    fix: str = ""
    lacks: tuple[Lack, ...] = ()
    modes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the step's name as people read it."""
        return self.name.label

    @property
    def plugin_lines(self) -> str:
        """Return the missing lines, ready to be copied into the plugin."""
        return "\n".join(lack.line for lack in self.lacks)


def ok(name: StepName, message: str) -> Step:
    """Return a step that went well."""
    return Step(name, StepStatus.OK, message)


def worst_of(steps: Sequence[Step]) -> StepStatus:
    """Return the worst word of all steps."""
    found = {step.status for step in steps}
    by_weight = (StepStatus.FAILED, StepStatus.WARNING, StepStatus.OK)
    return next(status for status in by_weight if status in found | {StepStatus.OK})


def sum_up(steps: Sequence[Step]) -> str:
    """Return a whole test in one sentence or two."""
    failed = [step for step in steps if step.status is StepStatus.FAILED]
    if not failed:
        has_warning = worst_of(steps) is StepStatus.WARNING
        return f"The connection works{', with a warning' if has_warning else ''}."
    rest = "" if steps[-1].name is LAST else " The test stopped there."
    count = count_of(len(failed), "step")
    return f"The connection does not work yet: {count} failed.{rest}"


def reaches(steps: Sequence[Step]) -> bool:
    """Tell whether PowerSchool, the credentials and the plugin are all right."""
    chain = {StepName.REACH, StepName.TOKEN, StepName.PLUGIN}
    good = {step.name for step in steps if step.status is not StepStatus.FAILED}
    bad = {step.name for step in steps if step.status is StepStatus.FAILED}
    return chain <= good and not chain & bad


def is_good_for(mode: str, steps: Sequence[Step]) -> bool:
    """Tell whether nothing that failed stops this attendance mode."""
    return reaches(steps) and not any(
        step.status is StepStatus.FAILED and (not step.modes or mode in step.modes)
        for step in steps
    )


def step_to_json(step: Step) -> dict[str, object]:
    """Return the step as it is kept."""
    return asdict(step)


def step_from_json(kept: dict[str, Any]) -> Step:
    """Return a kept step."""
    lacks = tuple(Lack(lack["line"], tuple(lack["uses"])) for lack in kept["lacks"])
    return Step(
        name=StepName(kept["name"]),
        status=StepStatus(kept["status"]),
        message=kept["message"],
        fix=kept["fix"],
        lacks=lacks,
        modes=tuple(kept["modes"]),
    )
