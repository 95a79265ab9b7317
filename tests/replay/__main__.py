"""Replay a whole day: `python -m tests.replay [--events 6000] [--day 2026-11-01]`."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date

from benchmarks.stage import Stage
from tests.replay.oracle import judge
from tests.replay.run import CLOCKS_BACK, SETTINGS, compare, stage_day


def main() -> int:
    """Play the day, print the findings; 1 where the log does not explain something."""
    parser = argparse.ArgumentParser(prog="python -m tests.replay")
    parser.add_argument("--events", type=int, default=6000)
    parser.add_argument("--day", type=date.fromisoformat, default=CLOCKS_BACK)
    given = parser.parse_args()
    with Stage(**SETTINGS) as stage:
        simulator = stage.start_simulator(0)
        began = time.monotonic()
        with stage_day(simulator, stage.settings, given.day, given.events) as day:
            _say(began, "staged")
            day.play()
            _say(began, f"played: {sum(simulator.calls().values())} calls")
            _say(began, str(judge(day)))
            unexplained = compare(day, stage.settings)
            count = sum(map(len, unexplained.values()))
            _say(began, f"reconciled {len(unexplained)} schools: {count} unexplained")
    return 1 if count else 0


def _say(began: float, text: str) -> None:
    sys.stdout.write(f"{time.monotonic() - began:6.1f} s  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
