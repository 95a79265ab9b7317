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
#: After so many calls it is near, and what is tried next is just above. They are more
#: than may be under way at a time by default: not all of them were taken.
NEAR_CALLS = 10
MARGIN = 1.02
#: A pace that was refused at once is not tried again for so long.
REMEMBERED_SECONDS = 600.0
#: What slips added is kept for so long, then twice as long: a bad minute passes, and
#: calls that always arrive unevenly need it for good.
SLACK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between the starts of two calls, and what they rest on.

    `floor` is just above what was refused at once, `slack` above what slipped; each
    until a moment of the clock that `now` is of. `calls` since the last refusal.
    """

    seconds: float = 0.0
    floor: float = 0.0
    floor_until: float = 0.0
    slack: float = 0.0
    slack_until: float = 0.0
    slack_seconds: float = 0.0
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
        slack = self.slack if now < self.slack_until else 0.0
        seconds = max(self.seconds * (1 - QUICKENING), floor, slack)
        if seconds < QUICKEST_SECONDS:
            return type(self)()  # nothing was refused for long: there is no limit
        seconds = min(seconds, self.seconds)
        return replace(self, seconds=seconds, calls=self.calls + 1)

    def after_refusal(self, now: float, near_calls: int = NEAR_CALLS) -> Self:
        """A call came too soon at this pace."""
        above = min(max(self.seconds * MARGIN, QUICKEST_SECONDS), SLOWEST_SECONDS)
        is_slip = self.seconds > 0 and self.calls >= near_calls
        if is_slip and now < self.floor_until:
            return self._slipped(above, now)
        seconds = above
        if not is_slip:
            seconds = min(max(self.seconds * STEP, FIRST_SECONDS), SLOWEST_SECONDS)
        return type(self)(seconds, above, now + REMEMBERED_SECONDS)

    def _slipped(self, above: float, now: float) -> Self:
        if now < self.slack_until:
            return replace(self, seconds=above, slack=above, calls=0)
        kept = min(max(2 * self.slack_seconds, SLACK_SECONDS), REMEMBERED_SECONDS)
        return replace(
            self,
            seconds=above,
            slack=above,
            slack_until=now + kept,
            slack_seconds=kept,
            calls=0,
        )
