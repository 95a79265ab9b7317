"""How PowerSchool differs from what a day's events say, one row at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kind of difference it is."""

    MISSING = "missing"
    DIFFERENT = "different"
    EXTRA = "extra"
    #: Written in a mode that the school had, or for a class that was dropped.
    LEFT = "left"
    #: A person said that they entered it; it is not there.
    BY_HAND = "by_hand"

    @property
    def label(self) -> str:
        """Return the words people read."""
        if self is Kind.BY_HAND:
            return "Entered by hand, but PowerSchool has nothing"
        if self is Kind.LEFT:
            return "Left over"
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that differs; codes as text, "" is Present."""

    kind: Kind
    student: str
    place: str
    ours: str
    theirs: str
    #: The writebacks to send again for it; none where that would change nothing.
    writebacks: tuple[int, ...] = ()
    #: Why the log says that it is so; "" where it does not say.
    explanation: str = ""
    #: An event of it waits to be sent.
    is_sending: bool = False

    @property
    def why(self) -> str:
        """Return how it came about, as far as is known."""
        if self.explanation:
            return self.explanation
        if self.kind is Kind.BY_HAND:
            return "Enter it in PowerSchool, or retry the event in the log."
        if self.kind is Kind.EXTRA and self.writebacks:
            return "PowerSchool still holds what should have been taken back."
        if self.kind is Kind.EXTRA:
            return "It reads like ours, but no event of that day belongs to it."
        if self.writebacks:
            return "PowerSchool does not hold what we wrote."
        return "Changed in PowerSchool after we wrote it."
