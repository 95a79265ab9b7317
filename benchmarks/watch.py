"""Watching the simulator's journal grow without asking the simulator."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from vmps.simulator.control import Simulator


class Watch:
    """The journal's lines from the moment of watching on."""

    def __init__(self, simulator: Simulator) -> None:
        self._path: Path = simulator.data_dir / "journal.jsonl"
        self._start = self._path.stat().st_size
        self._read = self._start
        self._count = 0

    def wait_for(self, count: int, seconds: float = 300.0) -> list[dict[str, Any]]:
        """Wait until so many lines were written; return them."""
        deadline = time.monotonic() + seconds
        while self._seen() < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._count} of {count} writes came.")
            time.sleep(0.05)
        with self._path.open("rb") as file:
            file.seek(self._start)
            return [json.loads(line) for line in file]

    def _seen(self) -> int:
        if os.stat(self._path).st_size > self._read:
            with self._path.open("rb") as file:
                file.seek(self._read)
                added = file.read()
            self._read += len(added)
            self._count += added.count(b"\n")
        return self._count


def written_at(line: dict[str, Any]) -> float:
    """Return when a line was written, in seconds of the wall clock."""
    return datetime.fromisoformat(line["at"]).timestamp()
