"""The clock of a test, moved by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import NOW


class Watch:
    """It stands at 8:14 in Chicago until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **more: float) -> None:
        """Move on by some seconds, minutes, hours or days."""
        self.now += timedelta(**more)
