"""How counts and times of day read: on pages, in commands, in PowerSchool."""

from __future__ import annotations

from datetime import datetime, time


def count_of(number: int, noun: str) -> str:
    """Return `1 school` or `3 schools`."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def say_time(value: datetime | time, *, has_seconds: bool = False) -> str:
    """Return `8:05 AM` or `8:05:30 AM`; a moment is in its zone already."""
    return value.strftime("%-I:%M:%S %p" if has_seconds else "%-I:%M %p")
