"""Modified FIQL: the `q` of the table API, parsed and compared with rows."""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from vmps.simulator.answers import refusal
from vmps.simulator.columns import Column, Kind, Row, Table, Value
from vmps.simulator.school_years import parse_day

CLAUSE = re.compile(r"(\w+)(==|=gt=|=ge=|=lt=|=le=)(.*)", re.DOTALL)
REFUSED = re.compile(r"[,()]")
NUMBER = re.compile(r"-?\d+")
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "=gt=": operator.gt,
    "=ge=": operator.ge,
    "=lt=": operator.lt,
    "=le=": operator.le,
}


@dataclass(frozen=True)
class Clause:
    """One comparison of a column with a value."""

    column: Column
    comparison: str
    value: int | str
    pattern: re.Pattern[str] | None = None

    @property
    def is_equality(self) -> bool:
        """Tell whether an index may settle this clause."""
        return self.comparison == "==" and self.pattern is None

    def matches(self, row: Row) -> bool:
        """Compare a row; null never matches."""
        held = row.get(self.column.key)
        if held is None:
            return False
        if self.pattern is not None:
            return self.pattern.fullmatch(str(held)) is not None
        return COMPARISONS[self.comparison](held, self.value)


def parse_criteria(table: Table, parts: Iterable[str]) -> list[Clause]:
    """Parse clauses in PowerSchool's order: columns first, then types, then clobs."""
    found = [_split(table, part) for part in parts]
    typed = [
        (column, comparison, _typed(column, text)) for column, comparison, text in found
    ]
    if any(column.kind is Kind.CLOB for column, _, _ in typed):
        raise refusal(400, "Querying not supported against clob or blob field types")
    return [
        Clause(column, comparison, value, _pattern(column, comparison, value))
        for column, comparison, value in typed
    ]


def _split(table: Table, part: str) -> tuple[Column, str, str]:
    match = CLAUSE.fullmatch(part)
    if match is None or REFUSED.search(part):
        raise refusal(400, f"Invalid query expression {part}")
    name, comparison, text = match.groups()
    column = table.columns.get(name.lower())
    if column is None:
        raise refusal(400, f"Invalid field {name}")
    return column, comparison, text


def _typed(column: Column, text: str) -> int | str:
    if column.kind is Kind.NUMBER:
        if NUMBER.fullmatch(text):
            return int(text)
        problem = f"Invalid number '{text}' passed for comparison to number field"
        raise refusal(400, f"{problem} {column.name}")
    if column.kind is Kind.DATE and parse_day(text) is None:
        problem = f"Invalid date '{text}' passed for comparison to date field"
        raise refusal(400, f"{problem} {column.name}")
    return text


def _pattern(
    column: Column, comparison: str, value: int | str
) -> re.Pattern[str] | None:
    if column.kind is not Kind.TEXT or comparison != "==" or "*" not in str(value):
        return None
    pieces = (re.escape(piece) for piece in str(value).split("*"))
    return re.compile(".*".join(pieces), re.DOTALL)


def equalities(clauses: Iterable[Clause]) -> dict[str, Value]:
    """Return the columns that must equal one value."""
    return {clause.column.key: clause.value for clause in clauses if clause.is_equality}
