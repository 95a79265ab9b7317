"""PowerSchool's JSON envelopes, read defensively into rows of lower-case columns.

Values come as strings or numbers, nulls are left out, one element may stand alone
instead of a list, and a PowerQuery may be flattened.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vmps.powerschool.errors import MalformedAnswer, PowerSchoolError

RECORD_ID = "@id"
ERROR_KEYS = frozenset({"message", "errors", "errorMessage", "error"})

Row = Mapping[str, Any]


def rows_of(payload: Any) -> list[Row]:
    """The rows of a table read or a query.

    No `record` means no rows, but only in what else looks like an envelope: an
    error read as "nothing there" would make us write twice.
    """
    if not isinstance(payload, dict) or ERROR_KEYS & payload.keys():
        raise _wrong("The answer is not a list of rows.")
    if "tables" in payload:
        return [_row(payload)]
    return [_row(record) for record in listed(payload.get("record"))]


def listed(value: Any) -> list[dict[str, Any]]:
    """A list of objects, whether it came as a list, one object or nothing."""
    if not value:
        return []
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in entries):
        raise _wrong("The answer holds something else than objects.")
    return entries


def _row(record: dict[str, Any]) -> Row:
    row: dict[str, Any] = {}
    tables = record.get("tables")
    if tables is None:
        row.update((key.lower(), value) for key, value in record.items())
    elif not isinstance(tables, dict):
        raise _wrong("The answer's rows have no tables.")
    else:
        for columns in tables.values():
            for entry in listed(columns):
                row.update((key.lower(), value) for key, value in entry.items())
    row[RECORD_ID] = record.get("id", record.get("_id"))
    return row


def integer(row: Row, *columns: str) -> int:
    """The first of these columns that holds a whole number; one has to."""
    found = optional_integer(row, *columns)
    if found is None:
        raise _wrong(f"A row came without {columns[0]}.")
    return found


def optional_integer(row: Row, *columns: str) -> int | None:
    for column in columns:
        value = row.get(column)
        if value is None or value == "":
            continue
        try:
            return _whole(value)
        except (TypeError, ValueError, OverflowError):
            raise _wrong(f"{column} is not a whole number.") from None
    return None


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, int):
        return value
    try:
        return int(value)
    except ValueError:
        number = float(value)
        if number != int(number):
            raise
        return int(number)


def text(row: Row, column: str) -> str | None:
    """The column as text, None when it was null."""
    value = row.get(column)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def day(row: Row, column: str) -> date | None:
    """The column as a date; PowerSchool's odd dates count as none."""
    value = text(row, column)
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


def flag(row: Row, column: str) -> bool:
    return (text(row, column) or "").strip().lower() in {"1", "true", "y", "yes"}


def _wrong(message: str) -> PowerSchoolError:
    return MalformedAnswer(message, status=200)
