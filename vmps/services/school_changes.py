"""What is to change about a school; None leaves a thing as it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from vmps.models import AttendanceMode

#: What School Building Setup shows, with who saved it.
SET_UP_COLUMNS = {
    "mode",
    "is_enabled",
    "keeps_first_code",
    "missed_code",
    "marks_remaining",
    "remaining_code",
}


@dataclass(frozen=True, slots=True)
class SchoolChanges:
    """What to change; None leaves it as it is."""

    mode: AttendanceMode | None = None
    is_enabled: bool | None = None
    replaceable: Sequence[str] | None = None
    protected: Sequence[str] | None = None
    keeps_first: bool | None = None
    missed_code: str | None = None
    marks_remaining: bool | None = None
    remaining_code: str | None = None

    def columns(self) -> dict[str, object]:
        """Return the columns to set."""
        given = {
            "mode": self.mode and self.mode.value,
            "is_enabled": self.is_enabled,
            "replaceable_codes": _as_json(self.replaceable),
            "protected_codes": _as_json(self.protected),
            "keeps_first_code": self.keeps_first,
            "missed_code": self.missed_code and self.missed_code.strip(),
            "marks_remaining": self.marks_remaining,
            "remaining_code": self.remaining_code and self.remaining_code.strip(),
        }
        return {name: value for name, value in given.items() if value is not None}


def _as_json(codes: Sequence[str] | None) -> str | None:
    return None if codes is None else json.dumps(list(dict.fromkeys(codes)))
