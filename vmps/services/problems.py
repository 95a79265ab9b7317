"""What a service refuses to do: one sentence for the person who asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Problem(Exception):
    """It cannot be done, and nothing was changed; the message says what to do."""

    def __init__(self, message: str, *, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


class Missing(Problem):
    """What was named does not exist."""


class Invalid(Problem):
    """Fields that cannot be saved as they are: a sentence for each, by its name.

    `corrected` is what one of them was probably meant to be.
    """

    def __init__(
        self, fields: Mapping[str, str], *, corrected: str | None = None
    ) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)
        self.corrected = corrected
