"""Shapes of answers that hold records: strings, omitted nulls, collapsed singles."""

from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Any

from vmps.simulator.columns import Row
from vmps.simulator.settings import Settings

Json = dict[str, Any]


class Envelopes:
    """Wraps records the way the settings say, changing sides where they alternate."""

    def __init__(self) -> None:
        self._is_absent: Iterator[bool] = cycle((True, False))
        self._is_collapsed: Iterator[bool] = cycle((True, False))

    def listing(self, name: str, records: list[Json], settings: Settings) -> Json:
        """Wrap records of a table or a PowerQuery."""
        if not records and self._omits_empty(settings):
            return {"name": name, "@extensions": ""}
        content = self.collapse(records, settings)
        return {"name": name, "record": content, "@extensions": ""}

    def collapse(self, items: list[Json], settings: Settings) -> list[Json] | Json:
        """Return a list, or its only element where single elements collapse."""
        if len(items) != 1 or settings.collapse_single == "never":
            return items
        if settings.collapse_single == "sometimes" and not next(self._is_collapsed):
            return items
        return items[0]

    def _omits_empty(self, settings: Settings) -> bool:
        if settings.empty_record == "alternate":
            return next(self._is_absent)
        return settings.empty_record == "absent"


def texts(row: Row, columns: Iterable[str]) -> dict[str, str]:
    """Return the asked columns as strings, without those that are null."""
    return {
        column: str(value)
        for column in columns
        if (value := row.get(column)) is not None
    }


def record(name: str, record_id: object, **tables: dict[str, str]) -> Json:
    """Make one record that is not flattened."""
    return {"id": record_id, "name": name, "tables": tables}
