"""PowerSchool's JSON envelopes, read defensively into rows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vmps.powerschool.errors import MalformedAnswer, PowerSchoolError

RECORD_ID = "@id"
ERROR_KEYS = frozenset({"message", "errors", "errorMessage", "error"})

#: What databases hold as BIGINT and INTEGER.
LARGEST = 2**63 - 1
LARGEST_SMALL = 2**31 - 1

# Columns in lower case. Values are strings or numbers, and nulls are left out.
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


def integer(row: Row, *columns: str, largest: int = LARGEST) -> int:
    """The first of these columns that holds a whole number; one has to."""
    found = optional_integer(row, *columns, largest=largest)
    if found is None:
        raise _wrong(f"A row came without {columns[0]}.")
    return found


def optional_integer(row: Row, *columns: str, largest: int = LARGEST) -> int | None:
    for column in columns:
        value = row.get(column)
        if value is None or value == "":
            continue
        try:
            return _within(_whole(value), largest)
        except (TypeError, ValueError, OverflowError):
            raise _wrong(f"{column} is not a whole number.") from None
    return None


def _within(number: int, largest: int) -> int:
    if abs(number) > largest:
        raise ValueError("out of range")
    return number


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    if isinstance(value, float) or (isinstance(value, str) and "." in value):
        number = float(value)
        if not number.is_integer():
            raise ValueError("not whole")
        return int(number)
    return int(value)


def storable(value: str) -> str:
    """The text without what databases refuse: NUL, halves of surrogate pairs."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def text(row: Row, column: str) -> str | None:
    """The column as text, None when it was null."""
    value = row.get(column)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return storable(str(value))


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
