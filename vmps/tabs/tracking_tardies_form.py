"""The form of tardy settings: what was sent, and what a row shows again."""

# A row brings along how it was loaded: `loaded-12=08:10,3`.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    #: Why the school was not saved; what cannot be read is told by field.
    error: str = ""
    is_selected: bool = False


class Unread(Problem):
    """Nothing was saved; `fields` says of each field why it cannot be read."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("Nothing was saved.", details=tuple(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True, slots=True)
class TardiesForm:
    """The rows as they were sent; `together` where Apply was pressed."""

    sent: MultiDict[str, str] = field(default_factory=MultiDict)
    refused: TardiesRefused | None = None
    problem: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_together(self) -> bool:
        """Tell whether Apply was pressed: many schools are set alike."""
        return "apply" in self.sent

    def read(self) -> list[TardyChoice]:
        """Return the choices; Unread says what cannot be read."""
        said: dict[str, str] = {}
        choices = []
        for name, loaded in self.sent.items():
            if match := _ROW.fullmatch(name):
                time_field, threshold_field = (
                    f"time-{match[1]}",
                    f"threshold-{match[1]}",
                )
                wanted = self._settings(time_field, threshold_field, said)
                choices.append(TardyChoice(int(match[1]), unpack(loaded), wanted))
        if self.is_together:
            choices = self._together(choices, said)
        if said:
            raise Unread(said)
        return choices

    def _settings(
        self, time_field: str, threshold_field: str, said: dict[str, str]
    ) -> TardySettings:
        return TardySettings(
            self._parsed(parse_time, time_field, said),
            self._parsed(parse_threshold, threshold_field, said),
        )

    def _parsed(
        self, parse: Callable[[str], Any], name: str, said: dict[str, str]
    ) -> Any:
        try:
            return parse(self.sent.get(name, ""))
        except Problem as problem:
            said[name] = problem.message
            return None

    def _together(
        self, choices: list[TardyChoice], said: dict[str, str]
    ) -> list[TardyChoice]:
        is_all = "all" in self.sent.getlist("together")
        selected = set(self.sent.getlist("selected"))
        chosen = [c for c in choices if is_all or str(c.school_id) in selected]
        over = self._settings("together_time", "together_threshold", said)
        if not said and not chosen:
            raise Problem(_NOTHING_SELECTED)
        if not said and over == TardySettings():
            raise Problem(_NOTHING_TO_SET)
        return [
            replace(c, wanted=_over(c.wanted, over)) if c in chosen else c
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
                    threshold=self.sent.get(f"threshold-{school.id}", ""),
                    loaded=pack(found[school.id]) if school.id in found else sent,
                    error=errors.get(school.id, ""),
                    is_selected=str(school.id) in selected,
                )
            rows.append(row)
        return rows


def _over(settings: TardySettings, over: TardySettings) -> TardySettings:
    return TardySettings(
        over.late_time or settings.late_time, over.threshold or settings.threshold
    )


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
