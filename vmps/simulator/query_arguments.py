"""Arguments of a PowerQuery: named exactly, none missing and none to spare."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from vmps.simulator.answers import refusal
from vmps.simulator.school_years import parse_day


class Shape(StrEnum):
    """What an argument must hold."""

    NUMBER = "number"
    NUMBERS = "list of numbers"
    TEXTS = "list of texts"
    DAY = "date"
    TEXT = "text"


#: What Oracle takes for a text.
LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call, checked against the query's declaration."""

    values: dict[str, Any]

    @classmethod
    def read(cls, body: bytes, declared: Mapping[str, Shape]) -> Self:
        """Parse a body; anything but exactly the declared arguments is refused."""
        try:
            sent = json.loads(body or b"{}")
        except ValueError:
            sent = None
        if not isinstance(sent, dict) or sent.keys() != declared.keys():
            raise refusal(400, f"Expected exactly the arguments {sorted(declared)}")
        values = {name: _read(sent[name], shape) for name, shape in declared.items()}
        if bad := [name for name, value in values.items() if value is None]:
            raise refusal(400, f"Invalid argument {', '.join(bad)}")
        return cls(values)

    def number(self, name: str) -> int:
        """Return a number."""
        value: int = self.values[name]
        return value

    def numbers(self, name: str) -> list[int]:
        """Return a list of numbers."""
        values: list[int] = self.values[name]
        return values

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        values: list[str] = self.values[name]
        return values

    def day(self, name: str) -> date:
        """Return a date."""
        value: date = self.values[name]
        return value


def _read(sent: object, shape: Shape) -> object:
    """Return the typed value, None when it does not fit."""
    if shape is Shape.NUMBER:
        return int(str(sent)) if str(sent).isdecimal() else None
    if shape is Shape.DAY:
        return parse_day(str(sent))
    if shape is Shape.TEXT:
        fits = isinstance(sent, str) and len(sent) <= LONGEST_TEXT
        return sent if fits else None
    items = [str(item) for item in (sent if isinstance(sent, list) else [sent])]
    if shape is Shape.TEXTS:
        return items
    if not all(item.isdecimal() for item in items):
        return None
    return [int(item) for item in items]
