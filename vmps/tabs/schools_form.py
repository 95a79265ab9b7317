"""The form of School Building Setup: what was sent, and what a row shows again."""

# Each row brings along how it was loaded: `loaded-12=enabled.daily.last`, and Meeting
# mode's rules where a school has some: `….A.remaining.ED`. What differs from it
# was changed by the user; what the database holds meanwhile is another matter.

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote, unquote

from werkzeug.datastructures import MultiDict

from vmps.models import AttendanceMode
from vmps.services.list_schools import ListedSchool
from vmps.services.problems import Problem
from vmps.services.set_up_schools import Choice, NotSaved, SetUp
from vmps.web.access import is_id

_LOADED = "loaded-"
_NOTHING_SELECTED = (
    "Select the schools to set, or All schools; then Apply. To save the list as it"
    " stands, use Save."
)
_NOTHING_TO_SET = (
    "Choose a mode, a status or Meeting rules for the selected schools; then Apply."
)
_UNREADABLE = "This form could not be understood. Load the page again."


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """Meeting mode's rules as they were sent; None where a page did not ask."""

    missed_code: str | None = None
    marks_remaining: bool | None = None
    remaining_code: str | None = None

    @classmethod
    def of(cls, sent: MultiDict[str, str], place: str) -> Self:
        """Read the fields of a school, or those for many together."""
        missed, remaining = sent.get(f"missed-{place}"), sent.get(f"remaining-{place}")
        marks = sent.get(f"marks-{place}")
        return cls(
            None if missed is None else missed.strip(),
            None if marks not in {"remaining", "current"} else marks == "remaining",
            None if remaining is None else remaining.strip(),
        )

    def over(self, setup: SetUp) -> SetUp:
        """Return the set-up with these rules."""
        given = {name: getattr(self, name) for name in self.__slots__}
        return replace(setup, **{n: v for n, v in given.items() if v is not None})


@dataclass(frozen=True, slots=True)
class Together:
    """What the selected schools are set to; None leaves it as it is."""

    mode: AttendanceMode | None = None
    is_enabled: bool | None = None
    selected: frozenset[int] = frozenset()
    is_all: bool = False
    #: Meeting mode's rules, set where the school is in that mode.
    rules: MeetingRules | None = None

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Self:
        """Read it from what was sent."""
        status = sent.get("together_status", "")
        selected = sent.getlist("selected")
        return cls(
            read_mode(sent.get("together_mode", "")),
            None if status not in {"enabled", "disabled"} else status == "enabled",
            frozenset(int(text) for text in selected if is_id(text)),
            "all" in sent.getlist("together"),
            MeetingRules.of(sent, "together") if "together_rules" in sent else None,
        )

    @property
    def problem(self) -> str:
        """Return what is missing, if anything is."""
        if not (self.selected or self.is_all):
            return _NOTHING_SELECTED
        if self.mode is None and self.is_enabled is None and self.rules is None:
            return _NOTHING_TO_SET
        return ""

    def over(self, choice: Choice) -> Choice:
        """Return the choice with this on top of it, where its school is selected."""
        if not (self.is_all or choice.school_id in self.selected):
            return choice
        wanted = choice.wanted
        if self.mode is not None:
            wanted = replace(wanted, mode=self.mode)
        if self.is_enabled is not None:
            wanted = replace(wanted, is_enabled=self.is_enabled)
        if self.rules and wanted.mode is AttendanceMode.MEETING:
            wanted = self.rules.over(wanted)
        return replace(choice, wanted=wanted)


@dataclass(frozen=True, slots=True)
class SchoolsForm:
    """The rows as they were sent; `together` where Apply was pressed."""

    choices: Mapping[int, Choice]
    together: Together | None = None

    @property
    def problem(self) -> str:
        """Return what is wrong with Apply, if anything is."""
        return self.together.problem if self.together else ""

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Self:
        """Read the rows; what is no row of ours is left alone."""
        names = [
            name.removeprefix(_LOADED) for name in sent if name.startswith(_LOADED)
        ]
        choices = {int(text): _choice(text, sent) for text in names if is_id(text)}
        if "apply" not in sent:
            return cls(choices)
        together = Together.of(sent)
        if together.problem:
            return cls(choices, together)
        return cls({n: together.over(c) for n, c in choices.items()}, together)


def read_mode(text: str) -> AttendanceMode | None:
    """Return the mode of a select's value; none is the empty text."""
    if text and text not in list(AttendanceMode):
        raise Problem(_UNREADABLE)
    return AttendanceMode(text) if text else None


def read_modes(sent: MultiDict[str, str]) -> dict[int, AttendanceMode]:
    """Return the modes chosen, by school."""
    found = {}
    for name, value in sent.items():
        number = name.removeprefix("mode-")
        mode = read_mode(value) if name.startswith("mode-") else None
        if mode and is_id(number):
            found[int(number)] = mode
    return found


def _choice(number: str, sent: MultiDict[str, str]) -> Choice:
    loaded = _unpack(sent[f"{_LOADED}{number}"])
    wanted = replace(
        MeetingRules.of(sent, number).over(loaded),
        is_enabled=f"enabled-{number}" in sent,
        mode=read_mode(sent.get(f"mode-{number}", "")),
        keeps_first=f"keeps_first-{number}" in sent,
    )
    return Choice(int(number), loaded, wanted)


def pack(setup: SetUp) -> str:
    """Return the set-up as one word."""
    status = "enabled" if setup.is_enabled else "disabled"
    mode = setup.mode.value if setup.mode else ""
    parts = [status, mode, "first" if setup.keeps_first else "last"]
    rules = setup.missed_code, setup.marks_remaining, setup.remaining_code
    if rules != ("", True, ""):
        parts += [
            _escape(setup.missed_code),
            "remaining" if setup.marks_remaining else "current",
            _escape(setup.remaining_code),
        ]
    return ".".join(parts)


def _escape(code: str) -> str:
    """Return a code without dots."""
    return quote(code).replace(".", "%2E")


def _unpack(text: str) -> SetUp:
    parts = text.split(".")
    if len(parts) == 3:
        parts += ["", "remaining", ""]
    if len(parts) != 6:
        raise Problem(_UNREADABLE)
    status, mode, kept, missed, marks, remaining = parts
    return SetUp(
        status == "enabled",
        read_mode(mode),
        kept == "first",
        unquote(missed),
        marks == "remaining",
        unquote(remaining),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a template shows it."""

    listed: ListedSchool
    shown: SetUp
    loaded: str
    error: str = ""
    is_selected: bool = False


def rows_of(
    schools: Iterable[ListedSchool],
    form: SchoolsForm | None = None,
    refused: NotSaved | None = None,
) -> list[Row]:
    """Return the rows; what the user changed stays, the rest is as it is now.

    A refused row's `loaded` is what the refusing transaction found, not what is there
    by now: who changes it in between is noticed by the next Save.
    """
    rows = []
    for listed in schools:
        now = SetUp.of(listed.school)
        row = Row(listed, now, pack(now))
        choice = form.choices.get(listed.school.id) if form else None
        if choice and choice.is_changed:
            found = refused.found if refused else {}
            loaded = found.get(choice.school_id, choice.loaded)
            row = replace(row, shown=choice.wanted, loaded=pack(loaded))
        rows.append(_marked(row, form, refused))
    return rows


def _marked(row: Row, form: SchoolsForm | None, refused: NotSaved | None) -> Row:
    school_id = row.listed.school.id
    together = form.together if form else None
    return replace(
        row,
        error=refused.rows.get(school_id, "") if refused else "",
        is_selected=bool(together and school_id in together.selected),
    )
