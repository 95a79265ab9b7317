"""The sheet of codes on Student Tracking: its rows as shown, and as sent back."""

# A row brings along its code and how it was loaded: `loaded-3=lr` is a late check-in
# reason that may be replaced. What differs from that was changed by the person.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vmps.models import AttendanceCode, EventType
from vmps.services.map_codes import CodeChoice, CodeUse
from vmps.services.reason_rows import clean_code
from vmps.services.school_codes import ABSENT, SchoolCodes

_ROW = re.compile(r"loaded-([0-9]{1,4})")
_LETTERS = {EventType.LATE_CHECK_IN: "l", EventType.EARLY_CHECK_OUT: "e"}


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code as a template shows it; `name` is in the names of its fields."""

    name: str
    code: str
    description: str
    presence: str
    use: CodeUse
    loaded: str
    #: What reasons carry the code now.
    reasons: Sequence[str] = ()
    note: str = ""
    error: str = ""

    @property
    def is_late(self) -> bool:
        """Tell whether it is a late check-in reason."""
        return EventType.LATE_CHECK_IN in self.use.reasons

    @property
    def is_early(self) -> bool:
        """Tell whether it is an early check-out reason."""
        return EventType.EARLY_CHECK_OUT in self.use.reasons

    @property
    def is_absence(self) -> bool:
        """Tell whether it marks a student as absent."""
        return self.presence == ABSENT


@dataclass(frozen=True, slots=True)
class CodesForm:
    """The rows as they were sent; how each is used by now, where that was refused."""

    choices: Mapping[str, CodeChoice] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, CodeUse] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> CodesForm:
        """Read the rows; what is no row of ours is left alone."""
        choices = {}
        for name, loaded in sent.items():
            if match := _ROW.fullmatch(name):
                row, code = match[1], clean_code(sent.get(f"code-{match[1]}", ""))
                wanted = _wanted(sent, row)
                choices[code] = CodeChoice(row, code, unpack(loaded), wanted)
        return cls(choices)

    def newly_mapped(self) -> list[str]:
        """Return the codes that are to be reasons and were none."""
        choices = self.choices.values()
        return [c.code for c in choices if c.wanted.reasons - c.loaded.reasons]


def pack(use: CodeUse) -> str:
    """Return the use as one word."""
    letters = [letter for kind, letter in _LETTERS.items() if kind in use.reasons]
    letters += ["r"] * use.is_replaceable + ["p"] * use.is_protected
    return "".join(letters)


def unpack(text: str) -> CodeUse:
    """Return what `pack` made."""
    reasons = frozenset(kind for kind, letter in _LETTERS.items() if letter in text)
    return CodeUse(reasons, "r" in text, "p" in text)


def _wanted(sent: Mapping[str, str], row: str) -> CodeUse:
    kinds = {EventType.LATE_CHECK_IN: "late", EventType.EARLY_CHECK_OUT: "early"}
    return CodeUse(
        frozenset(kind for kind, word in kinds.items() if f"{word}-{row}" in sent),
        f"replaceable-{row}" in sent,
        f"protected-{row}" in sent,
    )


def rows_of(
    codes: SchoolCodes | None,
    uses: Mapping[str, CodeUse],
    labels: Mapping[str, Sequence[str]],
    form: CodesForm,
) -> list[CodeRow]:
    """Return the imported codes, then those in use that the year does not have."""
    known = {code.code: code for code in codes.named} if codes else {}
    others = sorted(uses.keys() - known.keys())
    missing = f"Not in PowerSchool in {codes.year}." if codes else ""
    rows = []
    for place, text in enumerate([*known, *others]):
        use = uses.get(text, CodeUse())
        choice, loaded = form.choices.get(text), pack(use)
        if choice and choice.is_changed:
            use = choice.wanted
            loaded = pack(form.found.get(text, choice.loaded))
        rows.append(
            CodeRow(
                name=str(place),
                code=text,
                description=_description(known.get(text)),
                presence=_presence(known.get(text)),
                use=use,
                loaded=loaded,
                reasons=labels.get(text, ()),
                note=missing if text in others else "",
                error=form.errors.get(choice.row, "") if choice else "",
            )
        )
    return rows


def _description(code: AttendanceCode | None) -> str:
    return str(code.description) if code else ""


def _presence(code: AttendanceCode | None) -> str:
    return str(code.presence or "") if code else ""
