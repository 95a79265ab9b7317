"""Run benchmarks: `python -m benchmarks [NAME …] [--quick] [--full]`."""

from __future__ import annotations

import argparse
import signal
import sys

from benchmarks import calls_per_event, delivery, kiosk, meeting, pacing, steady
from benchmarks.figures import table

BENCHMARKS = {
    "calls_per_event": calls_per_event.calls_per_event,
    "delivery_single": delivery.delivery_single,
    "delivery_batch": delivery.delivery_batch,
    "delivery_meeting": meeting.delivery_meeting,
    "kiosk_single": kiosk.kiosk_single,
    "kiosk_flush": kiosk.kiosk_flush,
    "kiosk_open_loop": steady.kiosk_open_loop,
    "quiet_lane": steady.quiet_lane,
    "pacing": pacing.pacing,
}
ROUNDS = 3


def main() -> int:
    """Run what is named, or everything; 1 when a target is not met."""
    arguments = _parser().parse_args()
    # Leave by way of the stages, so that nothing they started stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    is_met = True
    for name in arguments.names or BENCHMARKS:
        figures = BENCHMARKS[name](
            rounds=1 if arguments.quick else ROUNDS,
            is_quick=arguments.quick,
            is_full=arguments.full,
        )
        print(f"\n{name}\n{table(figures)}", flush=True)
        is_met = is_met and all(figure.is_met for figure in figures)
    return 0 if is_met else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="one small round each")
    parser.add_argument("--full", action="store_true", help="nothing is scaled")
    return parser


if __name__ == "__main__":
    sys.exit(main())
