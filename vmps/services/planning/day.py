"""A student's school day as it is planned: events, rules, rows, writes, verdicts."""

# Values only: planning knows no database, no network and no clock.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vmps.models import Cause, EventType, Outcome

BLANK = ""  # the school's default Present code

#: The slot of Daily mode's only row, and of Time mode's; a meeting has one of its own.
DAY = ""
MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Former:
    """What an event said before a correction: its line may stand in a comment."""

    occurred_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One event of the day; `code` is what its reason maps to, None if unmapped."""

    id: int
    type: EventType
    occurred_at: datetime
    reason: str
    code: str | None
    is_void: bool = False
    #: A person entered it in PowerSchool: it counts, and nothing is written for it.
    is_by_hand: bool = False
    #: Its school was disabled: it happened, but only its own retry sends it.
    is_held_back: bool = False
    #: The log says that PowerSchool holds it: bells that changed since don't matter.
    is_settled: bool = False
    #: What it said before it was corrected.
    former: tuple[Former, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the school says about existing attendance."""

    zone: ZoneInfo
    replaceable: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    keeps_first: bool = False
    #: Meeting mode: the code for meetings missed before a late check-in, if any.
    missed_code: str = ""
    #: Meeting mode: an early check-out marks the meetings that follow as well,
    marks_remaining: bool = True
    #: with this code, if any, else with its own.
    remaining_code: str = ""


@dataclass(frozen=True, slots=True)
class Existing:
    """The row that PowerSchool holds; no row means present."""

    code: str
    presence: str | None
    comment: str
    comment_is_known: bool = True
    #: Time mode only: the minutes attended, and ATTENDANCE.DCID.
    minutes: int | None = None
    dcid: int | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What stood in a slot before we wrote there: a void puts it back."""

    code: str = BLANK
    #: Time mode only: its minutes attended, None where they are not known.
    minutes: int | None = None

    def tell(self, place: str = "") -> str:
        """Return how a void's verdict tells that it stands again: not where present."""
        return f"{self.code} is back{place}" if self.code else ""


#: What stood in most slots: no row, or a blank one.
PRESENT = Before()


@dataclass(frozen=True, slots=True)
class Write:
    """Write this code; `comment` None sends none."""

    code: str
    comment: str | None
    slot: str = DAY
    #: Time mode only: the minutes attended, and the row to update (None adds one).
    minutes: int | None = None
    dcid: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one event ends if the plan's write (if any) succeeds."""

    outcome: Outcome
    cause: Cause | None = None
    detail: str = ""
    covered_by: int | None = None
    #: With outcome WAITS: how long.
    wait: timedelta = timedelta()

    @property
    def is_refusal(self) -> bool:
        """Tell whether the event fails and needs a person."""
        return self.outcome is Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class DayPlan:
    """At most one write a slot, and a verdict for every event of the day."""

    writes: tuple[Write, ...]
    verdicts: Mapping[int, Verdict]

    @property
    def write(self) -> Write | None:
        """Return the only write of a day that is one row, if there is one."""
        return self.writes[0] if self.writes else None
