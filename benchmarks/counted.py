"""A lane whose every call to PowerSchool is counted, drained in this process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from benchmarks.district import identify, make_district
from vmps.clock import Clock
from vmps.config import Settings
from vmps.services.drain import Dispatcher, drain
from vmps.services.link import Links
from vmps.simulator.control import Simulator


class CountedLane:
    """The district of a seed, its PowerSchool, and one process that delivers."""

    def __init__(
        self,
        seed: dict[str, Any],
        simulator: Simulator,
        settings: Settings,
        clock: Clock,
    ) -> None:
        simulator.seed(seed)
        self._simulator, self._clock = simulator, clock
        self.district = make_district(seed, simulator.url)
        self._passed = 0.0
        links = Links(settings, lambda: time.monotonic() + self._passed)
        self._dispatcher = Dispatcher(settings, links, clock, "counted", _unheard)

    def know(self, students: Sequence[dict[str, Any]]) -> None:
        """Note who these students are, as an event of yesterday's did."""
        identify(students, self.now)

    def deliver(self, students: Sequence[dict[str, Any]]) -> dict[str, int]:
        """Accept an event of each student and deliver them; return the calls made."""
        self._simulator.reset_calls()
        before = self.district.successful()
        self.district.accept(students, self.now)
        while drain(self.district.id, self._dispatcher):
            pass
        assert self.district.successful() - before == len(students)
        return self._simulator.calls()

    def pass_time(self, seconds: float) -> None:
        """Let what is kept grow older; the clock of events stands still."""
        self._passed += seconds

    @property
    def now(self) -> datetime:
        """Return what time it is."""
        return self._clock()


def zone_of_ten_o_clock(now: datetime) -> str:
    """Return the name of a time zone in which school is on: it is 10 to 11 there."""
    hours = (now.hour - 10 + 12) % 24 - 12
    return f"Etc/GMT{hours:+d}" if hours else "Etc/GMT"


def _unheard(_district_id: int) -> None:
    """Nobody rings here."""
