"""Table paths with PowerSchool's modified FIQL; every value is encoded by itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

# Whatever the server decodes first, a value cannot become a second condition or a
# wildcard: nothing we look for holds other characters.
PLAIN_VALUE = re.compile(r"[\w.: -]+", re.ASCII)

Condition = tuple[str, str, object]


def table_path(
    table: str,
    columns: Iterable[str],
    conditions: Iterable[Condition],
    *,
    page: int,
    page_size: int,
) -> str:
    """Path and query of one page of a table; conditions on None are left out."""
    query = _query(conditions)
    selection = f"q={query}&" if query else ""
    return (
        f"/ws/schema/table/{table}?{selection}projection={','.join(columns)}"
        f"&page={page}&pagesize={page_size}"
    )


def count_path(table: str, conditions: Iterable[Condition]) -> str:
    """Path and query of the number of a table's rows."""
    return f"/ws/schema/table/{table}/count?q={_query(conditions)}"


def _query(conditions: Iterable[Condition]) -> str:
    return ";".join(
        f"{column}{operator}{_encoded(value)}"
        for column, operator, value in conditions
        if value is not None
    )


def between(column: str, bounds: tuple[int, int] | None) -> list[Condition]:
    """The conditions for a number within inclusive bounds; none without bounds."""
    if bounds is None:
        return []
    low, high = bounds
    if low == high:
        return [(column, "==", low)]
    return [(column, "=ge=", low), (column, "=le=", high)]


@dataclass(frozen=True, slots=True)
class Prefix:
    """What a text starts with: the one place where a wildcard comes from us."""

    text: str


def starting_with(column: str, prefix: str) -> Condition:
    """The condition for a text that starts so; any text for ''."""
    return (column, "==", Prefix(prefix) if prefix else None)


def _encoded(value: object) -> str:
    if isinstance(value, Prefix):
        return f"{_encoded(value.text)}*"
    text = str(value)
    if not PLAIN_VALUE.fullmatch(text):
        raise ValueError("This value cannot stand in a PowerSchool query.")
    return quote(text, safe="")
