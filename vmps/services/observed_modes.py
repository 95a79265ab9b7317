"""Which attendance modes PowerSchool really uses at a school, beside the set-up."""

# Pure functions. Rows decide; preferences, whose values nobody documents, only say
# whether they agree. A daily row beside meetings is a bridged school, not a mistake.

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vmps.models import AttendanceMode
from vmps.powerschool import AttendanceMode as TheirMode

#: Fewer rows say nothing of how a school works.
FEWEST_ROWS = 10
#: A mode of fewer than one row in so many is somebody's slip.
ONE_IN = 10

_RECORDED = "att_recordmode"
_YES, _NO = {"1", "true", "t", "yes", "y", "on"}, {"0", "false", "f", "no", "n", "off"}
_OURS = {
    TheirMode.DAILY: AttendanceMode.DAILY,
    TheirMode.TIME: AttendanceMode.TIME,
    TheirMode.MEETING: AttendanceMode.MEETING,
    TheirMode.INTERVAL: AttendanceMode.MEETING,
}


class Preferences(StrEnum):
    """What the preferences say of the modes that the rows show."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Observed:
    """Recent rows by mode, and the modes that the preferences call recorded or not."""

    rows: Mapping[AttendanceMode, int] = field(default_factory=dict)
    recorded: Mapping[AttendanceMode, bool] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many rows were seen."""
        return sum(self.rows.values())

    @property
    def used(self) -> tuple[AttendanceMode, ...]:
        """Return the modes that the rows show, most used first; none from too few."""
        if self.total < FEWEST_ROWS:
            return ()
        counted = sorted(self.rows.items(), key=lambda item: (-item[1], item[0]))
        return tuple(mode for mode, n in counted if n and n * ONE_IN >= self.total)

    @property
    def preferences(self) -> Preferences:
        """Return whether the preferences say the same as the rows."""
        said = {self.recorded.get(mode) for mode in self.used}
        if said == {True}:
            return Preferences.AGREE
        return Preferences.DISAGREE if said == {False} else Preferences.UNKNOWN


@dataclass(frozen=True, slots=True)
class ModeDifference:
    """What PowerSchool seems to use, other than what is set up here."""

    used: tuple[AttendanceMode, ...]
    count: int
    total: int
    preferences: Preferences


def find_difference(
    mode: AttendanceMode | None, observed: Observed
) -> ModeDifference | None:
    """Return how PowerSchool differs from `mode`; None where it does not, or unclear.

    Without a mode it is what to choose, where there is one only.
    """
    used = observed.used
    if not used or mode in used or (mode is None and len(used) > 1):
        return None
    count = sum(observed.rows[each] for each in used)
    return ModeDifference(used, count, observed.total, observed.preferences)


def count_modes(modes: Iterable[TheirMode | None]) -> dict[AttendanceMode, int]:
    """Count rows by our modes: intervals are meetings, unknown ones are left out."""
    return dict(Counter(_OURS[mode] for mode in modes if mode))


def read_preferences(values: Mapping[str, str]) -> dict[AttendanceMode, bool]:
    """Return what preferences call recorded or not; whatever else they hold is left."""
    found: dict[AttendanceMode, bool] = {}
    for name, value in values.items():
        word, flag = name.casefold(), value.strip().casefold()
        if not word.startswith(_RECORDED) or flag not in _YES | _NO:
            continue
        theirs = word.removeprefix(_RECORDED)
        if theirs in list(TheirMode):
            ours = _OURS[TheirMode(theirs)]
            found[ours] = found.get(ours, False) or flag in _YES
    return found


def to_json(observed: Observed) -> str:
    """Return the text that is kept."""
    return json.dumps({"rows": observed.rows, "recorded": observed.recorded})


def from_json(text: str) -> Observed:
    """Return what was kept; nothing where nobody looked yet."""
    if not text:
        return Observed()
    kept = json.loads(text)
    return Observed(
        {AttendanceMode(mode): count for mode, count in kept["rows"].items()},
        {AttendanceMode(mode): is_on for mode, is_on in kept["recorded"].items()},
    )
