"""What a service refuses to do: one sentence for the person who asked."""

from __future__ import annotations

from collections.abc import Sequence


class Problem(Exception):
    """It cannot be done, and nothing was changed; the message says what to do."""

    def __init__(self, message: str, *, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


class Missing(Problem):
    """What was named does not exist."""
