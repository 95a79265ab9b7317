"""The form of tardy settings: what was sent, and what a row shows again."""

# A row brings along how it was loaded: `loaded-12=08:10,3`.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from werkzeug.datastructures import MultiDict

from vmps.models import School
from vmps.services.problems import Problem
from vmps.services.tardies import (
    TardiesRefused,
    TardyChoice,
    TardySettings,
    parse_threshold,
    parse_time,
)
from vmps.words import say_time

_ROW = re.compile(r"loaded-([0-9]{1,9})")
_NOTHING_SELECTED = "Select the schools to set, or All schools; then Apply."
_NOTHING_TO_SET = "Type a time or a threshold for the selected schools; then Apply."


@dataclass(frozen=True, slots=True)
class TardyRow:
    """One school as a template shows it."""

    school: School
    time: str
    threshold: str
    loaded: str
    error: str = ""
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class TardiesForm:
    """The rows as they were sent; `together` where Apply was pressed."""

    sent: MultiDict[str, str] = field(default_factory=MultiDict)
    refused: TardiesRefused | None = None
    problem: str = ""

    @property
    def is_together(self) -> bool:
        """Tell whether Apply was pressed: many schools are set alike."""
        return "apply" in self.sent

    def read(self) -> list[TardyChoice]:
        """Return the choices; TardiesRefused says what cannot be read."""
        errors: dict[int, str] = {}
        choices = []
        for name, loaded in self.sent.items():
            if match := _ROW.fullmatch(name):
                number = int(match[1])
                said: list[str] = []
                wanted = TardySettings(
                    _parsed(parse_time, self.sent.get(f"time-{number}", ""), said),
                    _parsed(parse_threshold, self._threshold(number), said),
                )
                choices.append(TardyChoice(number, unpack(loaded), wanted))
                if said:
                    errors[number] = " ".join(said)
        if errors:
            raise TardiesRefused(errors)
        return self._together(choices)

    def _threshold(self, number: int) -> str:
        return self.sent.get(f"threshold-{number}", "")

    def _together(self, choices: list[TardyChoice]) -> list[TardyChoice]:
        if not self.is_together:
            return choices
        is_all = "all" in self.sent.getlist("together")
        selected = set(self.sent.getlist("selected"))
        chosen = [c for c in choices if is_all or str(c.school_id) in selected]
        late = parse_time(self.sent.get("together_time", ""))
        threshold = parse_threshold(self.sent.get("together_threshold", ""))
        if not chosen:
            raise Problem(_NOTHING_SELECTED)
        if late is None and threshold is None:
            raise Problem(_NOTHING_TO_SET)
        return [
            replace(c, wanted=_over(c.wanted, late, threshold)) if c in chosen else c
            for c in choices
        ]

    def rows(self, schools: Iterable[School]) -> list[TardyRow]:
        """Return the rows; what the person changed stays, the rest is as it is now."""
        errors = self.refused.rows if self.refused else {}
        found = self.refused.found if self.refused else {}
        selected = set(self.sent.getlist("selected"))
        rows = []
        for school in schools:
            row = _row_of(school, TardySettings.of(school))
            sent = self.sent.get(f"loaded-{school.id}")
            if sent is not None:
                row = replace(
                    row,
                    time=self.sent.get(f"time-{school.id}", ""),
                    threshold=self._threshold(school.id),
                    loaded=pack(found[school.id]) if school.id in found else sent,
                    error=errors.get(school.id, ""),
                    is_selected=str(school.id) in selected,
                )
            rows.append(row)
        return rows


def _over(
    settings: TardySettings, late: time | None, threshold: int | None
) -> TardySettings:
    return TardySettings(late or settings.late_time, threshold or settings.threshold)


def _row_of(school: School, settings: TardySettings) -> TardyRow:
    late, threshold = settings.late_time, settings.threshold
    return TardyRow(
        school,
        say_time(late) if late else "",
        str(threshold) if threshold else "",
        pack(settings),
    )


def pack(settings: TardySettings) -> str:
    """Return the settings as one word."""
    late = settings.late_time
    return f"{late.isoformat('minutes') if late else ''},{settings.threshold or ''}"


def unpack(text: str) -> TardySettings:
    """Return what `pack` made."""
    late, _, threshold = text.partition(",")
    return TardySettings(parse_time(late), parse_threshold(threshold))


def _parsed(parse: Callable[[str], Any], text: str, said: list[str]) -> Any:
    try:
        return parse(text)
    except Problem as problem:
        said.append(problem.message)
        return None
