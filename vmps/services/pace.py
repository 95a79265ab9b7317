"""The pace of calls: what each call and each refusal teaches; decisions alone."""

# PowerSchool may ask for a least interval between a plugin's calls, and does not say
# which: it refuses what comes sooner. A refusal holds the whole lane up, so a refused
# pace is tried again seldom. Calls do not arrive as evenly as they start: a refusal
# among many that were taken is a slip, and slows by little.

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

FIRST_SECONDS = 0.02
SLOWEST_SECONDS = 10.0
#: Whoever calls as often as this is not paced at all.
QUICKEST_SECONDS = 0.002
#: After each call the pace quickens by this share, down to its floor.
QUICKENING = 0.01
#: A pace that is refused at once is slowed by half: the interval is not near.
STEP = 1.5
#: After so many calls that were taken it is near: what is tried next is just above.
NEAR_CALLS = 10
MARGIN = 1.02
#: A refused pace is not tried again for so long; slips do not prolong it.
REMEMBERED_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between the starts of two calls, and what they rest on.

    `floor_until` and `now` are seconds of one clock; `calls` since the last refusal.
    """

    seconds: float = 0.0
    floor: float = 0.0
    floor_until: float = 0.0
    calls: int = 0

    @classmethod
    def learnt(cls, seconds: float, now: float) -> Self:
        """Return a pace that another process has learnt: it starts right."""
        return cls(seconds, seconds, now + REMEMBERED_SECONDS)

    def after_call(self, now: float) -> Self:
        """A call started at this pace: the next may come a little sooner."""
        if self.seconds <= 0:
            return self
        floor = self.floor if now < self.floor_until else 0.0
        seconds = max(self.seconds * (1 - QUICKENING), floor)
        if seconds < QUICKEST_SECONDS:
            return type(self)()  # nothing was refused for long: there is no limit
        return replace(self, seconds=seconds, calls=self.calls + 1)

    def after_refusal(self, now: float) -> Self:
        """A call came too soon at this pace."""
        floor = min(max(self.seconds * MARGIN, QUICKEST_SECONDS), SLOWEST_SECONDS)
        is_slip = self.seconds > 0 and self.calls >= NEAR_CALLS
        if is_slip and now < self.floor_until:
            return type(self)(floor, floor, self.floor_until)
        until = now + REMEMBERED_SECONDS
        if is_slip:
            return type(self)(floor, floor, until)
        slower = min(max(self.seconds * STEP, FIRST_SECONDS), SLOWEST_SECONDS)
        return type(self)(slower, floor, until)
