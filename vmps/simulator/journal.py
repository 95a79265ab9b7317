"""The journal: one line for every accepted write, on disk before its answer is sent."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmps.simulator.answers import compact_json
from vmps.simulator.attendance import Change


def number_lines(changes: Sequence[Change], last_number: int = 0) -> str:
    """Return a line for each change, numbered on from the last one."""
    for number, change in enumerate(changes, start=last_number + 1):
        change.n = number
    return "".join(compact_json(change.__dict__) + "\n" for change in changes)


class Journal:
    """An append-only file of changes, numbered from 1."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last_number = 0
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)

    def changes(self) -> Iterator[Change]:
        """Yield what an earlier run wrote; a torn last line is cut off."""
        lines = self.path.read_bytes().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            torn = lines.pop()
            os.ftruncate(self._file, self.path.stat().st_size - len(torn))
        for line in lines:
            change = Change(**json.loads(line))
            self.last_number = change.n
            yield change

    def append(self, changes: Sequence[Change]) -> None:
        """Number the changes and write them with one unbuffered write."""
        lines = number_lines(changes, self.last_number)
        self.last_number += len(changes)
        os.write(self._file, lines.encode())

    def clear(self) -> None:
        """Forget everything and number from 1 again."""
        os.ftruncate(self._file, 0)
        self.last_number = 0

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
