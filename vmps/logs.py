"""Logging: one line an event, UTC, ids only."""

from __future__ import annotations

import logging
import time


def configure(level: str) -> None:
    """Write log lines to standard error."""
    formatter = logging.Formatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger("vmps")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False
