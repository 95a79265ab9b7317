"""The pace of calls: what each call and each refusal teaches; decisions alone."""

# PowerSchool may ask for a least interval between a plugin's calls, and does not say
# which: it refuses what comes sooner. A refusal holds the whole lane up, so the pace
# goes down to a refused one seldom, and comes back at once to one that was kept.

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

FIRST_SECONDS = 0.02
SLOWEST_SECONDS = 10.0
#: Whoever calls as often as this is not paced at all.
QUICKEST_SECONDS = 0.002
#: After each call the pace quickens by this share, down to its floor.
QUICKENING = 0.01
#: A pace that was refused is slowed by half: the interval is not known yet.
STEP = 1.5
#: What is tried next above a refused pace. Calls do not arrive as evenly as they start.
MARGIN = 1.05
#: A pace that was kept for so many calls is known to be slow enough, but for a slip.
KEPT_CALLS = 50
SLIP = 1.02
#: A refused pace is not tried again for so long.
REMEMBERED_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between the starts of two calls, and what they rest on.

    `floor_until` and `now` are seconds of one clock; `calls` since the last refusal.
    """

    seconds: float = 0.0
    floor: float = 0.0
    floor_until: float = 0.0
    kept: float = 0.0
    calls: int = 0

    @classmethod
    def learnt(cls, seconds: float, now: float) -> Self:
        """Return a pace that another process has learnt: it starts right."""
        return cls(seconds, seconds, now + REMEMBERED_SECONDS, seconds)

    def after_call(self, now: float) -> Self:
        """A call started at this pace: the next may come a little sooner."""
        if self.seconds <= 0:
            return self
        floor = self.floor if now < self.floor_until else 0.0
        seconds = max(self.seconds * (1 - QUICKENING), floor)
        if seconds < QUICKEST_SECONDS:
            return type(self)()  # no call was refused for long: there is no limit
        calls = self.calls + 1
        is_kept = calls >= KEPT_CALLS and seconds == self.seconds
        kept = seconds if is_kept else self.kept
        return replace(self, seconds=seconds, calls=calls, kept=kept)

    def after_refusal(self, now: float) -> Self:
        """A call came too soon at this pace."""
        refused = self.seconds
        if 0 < self.kept <= refused:
            seconds = refused * SLIP
            floor = seconds
        else:
            seconds = max(refused * STEP, FIRST_SECONDS)
            if self.kept:
                seconds = min(seconds, self.kept)
            floor = min(max(refused * MARGIN, QUICKEST_SECONDS), seconds)
        seconds = min(seconds, SLOWEST_SECONDS)
        # Where a pace that had been kept is refused again soon, it was no slip.
        is_slip = self.calls >= KEPT_CALLS or self.kept > refused
        return type(self)(
            seconds,
            min(floor, SLOWEST_SECONDS),
            now + REMEMBERED_SECONDS,
            self.kept if is_slip else 0.0,
        )
