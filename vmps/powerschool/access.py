"""What the plugin may do with each column of a table, as PowerSchool tells it."""

import re
from collections.abc import Sequence
from typing import Any

from vmps.powerschool.calls import Calls
from vmps.powerschool.deadline import Deadline
from vmps.powerschool.envelopes import listed, text
from vmps.powerschool.errors import (
    FieldGrant,
    FieldsNotGranted,
    MalformedAnswer,
    Rejected,
)

TABLE_NAME = re.compile(r"\w+", re.ASCII)


def read_field_access(calls: Calls, table: str, deadline: Deadline) -> dict[str, str]:
    """Access by column in lower case; empty where this PowerSchool does not tell."""
    if not TABLE_NAME.fullmatch(table):
        raise ValueError("This is not the name of a table.")
    path = f"/ws/schema/table/{table.lower()}/metadata?expansions=access"
    try:
        payload = calls.get(path, deadline)
    except (Rejected, FieldsNotGranted):
        return {}  # a version without this expansion, or one that closes it
    return access_of(payload)


def read_refused_fields(
    calls: Calls, table: str, columns: Sequence[str], deadline: Deadline
) -> tuple[FieldGrant, ...]:
    """The columns that may not be read: PowerSchool names all of them in one refusal.

    For a PowerSchool that does not tell the access; raises FieldsNotGranted where it
    names none.
    """
    try:
        calls.table(table.lower(), columns, (), deadline, page_size=1)
    except FieldsNotGranted as error:
        if not error.fields:
            raise
        return error.fields
    return ()


def access_of(payload: Any) -> dict[str, str]:
    """Column and access of a table's metadata."""
    if not isinstance(payload, dict):
        raise MalformedAnswer("The answer is not a table's metadata.", status=200)
    columns = payload.get("columns", payload.get("column"))
    if isinstance(columns, dict) and "column" in columns:
        columns = columns["column"]
    told = (
        (text(column, "name"), text(column, "access")) for column in listed(columns)
    )
    return {name.lower(): access for name, access in told if name and access}
