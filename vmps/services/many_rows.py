"""Queries over many ids at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from vmps.db import is_sqlite, query

_CHUNK = 2000  # parameters in one IN (…)


def in_chunks(
    sql: str,
    values: Collection[int],
    days: Sequence[date] = (),
    *more: object,
) -> Iterable[tuple[Any, ...]]:
    """Yield the rows of a statement with `{places}`, some thousand values at a time."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        chunk = ordered[start : start + _CHUNK]
        statement = sql.format(
            places=", ".join(["%s"] * len(chunk)),
            days=", ".join(["%s"] * len(days)),
            true="1" if is_sqlite() else "true",
        )
        yield from query(statement, [*chunk, *(d.isoformat() for d in days), *more])
