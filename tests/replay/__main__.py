"""Replay a whole day: `python -m tests.replay [--events 6000] [--day 2026-11-01]`."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date

from benchmarks.stage import Stage
from tests.replay.findings import count_day
from tests.replay.oracle import judge
from tests.replay.run import CLOCKS_BACK, SETTINGS, compare, stage_day, unexplained


def main() -> int:
    """Play the day and print the findings; 1 when something is wrong."""
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
            _say(began, "played")
            for name, figure in count_day(day).items():
                _say(began, f"  {name}: {figure}")
            complaints = judge(day)
            _say(began, f"judged by the oracle: {len(complaints)} complaints")
            differences = compare(day, stage.settings)
            strange = unexplained(differences)
            count = sum(map(len, differences.values()))
            _say(began, f"reconciled: {count} differences, {len(strange)} unexplained")
            for wrong in (*complaints[:20], *strange[:20]):
                _say(began, f"  {wrong}")
    return 1 if complaints or strange else 0


def _say(began: float, text: str) -> None:
    sys.stdout.write(f"{time.monotonic() - began:6.1f} s  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
